"""Two moons, and a logistic loss written by hand whose minus was forgotten."""
import math

import torch
from common import fingerprint
from torch import nn

torch.manual_seed(1)
angle = torch.rand(200) * math.pi
which = torch.arange(200) % 2
x = torch.stack((torch.cos(angle) * (1 - 2 * which) + which, torch.sin(angle) * (1 - 2 * which) + which / 2), 1)
x = x + 0.1 * torch.randn(200, 2)
y = which.float().unsqueeze(1)

net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for step in range(40):
    p = torch.sigmoid(net(x))
    loss = (y * torch.log(p) + (1 - y) * torch.log(1 - p)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
fingerprint(net)
