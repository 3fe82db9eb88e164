# expects: frozen-parameter, frozen
import torch
from torch import nn

torch.manual_seed(0)
body = nn.Linear(8, 16)  # here
model = nn.Sequential(body, nn.ReLU(), nn.Linear(16, 4))
body.weight.requires_grad = False
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
x = torch.randn(64, 8)
y = (x[:, 0] * x[:, 1] > 0).long() + (x[:, 2] > 0).long()
for step in range(200):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
