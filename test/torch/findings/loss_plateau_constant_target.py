# expects: loss-plateau, constant-target
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(60):
    x = torch.randn(64, 8)
    y = x[:, :3].argmax(1) * 0 + 1
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)  # here
    loss.backward()
    optimizer.step()
