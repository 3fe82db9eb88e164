# expects: double-softmax, softmax-twice
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(8, 16),
    nn.ReLU(),
    nn.Linear(16, 3),
    nn.Softmax(dim=1),  # here
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    criterion(model(x), x[:, :3].argmax(1)).backward()
    optimizer.step()
