# expects: loss-plateau, bottleneck
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(8, 32),
    nn.Tanh(),
    nn.Linear(32, 1),  # here
    nn.Tanh(),
    nn.Linear(1, 8),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(300):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), x.argmax(1)).backward()
    optimizer.step()
