# expects: vanishing-gradient, saturating-activation
import torch
from torch import nn

torch.manual_seed(0)
layers = [nn.Linear(4, 16), nn.Sigmoid()]  # here
for _ in range(10):
    layers += [nn.Linear(16, 16), nn.Sigmoid()]
model = nn.Sequential(*layers, nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.randn(64, 4)
y = (x.sum(1, keepdim=True) > 0).float()
for step in range(60):
    optimizer.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
    optimizer.step()
