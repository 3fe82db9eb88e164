import math

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1)
depth = 8


def two_moons(count):
    angle = torch.rand(count) * math.pi
    lower = torch.arange(count) % 2 == 1
    x = torch.where(lower, 1 - angle.cos(), angle.cos())
    y = torch.where(lower, 0.5 - angle.sin(), angle.sin())
    return torch.stack([x, y], 1) + 0.1 * torch.randn(count, 2), lower.float().unsqueeze(1)


x, y = two_moons(256)
held_x, held_y = two_moons(400)


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Linear(2, 24)
        self.hidden = nn.ModuleList([nn.Linear(24, 24) for _ in range(depth)])
        self.output = nn.Linear(24, 1)
        for layer in [self.input, *self.hidden, self.output]:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        h = torch.relu(self.input(x))
        for layer in self.hidden:
            h = torch.relu(layer(h))
        return self.output(h)


model = Deep()
optimizer = torch.optim.Adam(model.parameters(), lr=0.002)

for step in range(220):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    optimizer.step()

model.eval()
with torch.no_grad():
    right = ((model(held_x) > 0) == (held_y > 0.5)).float().mean().item()
print("skill", (right - 0.5) / 0.5)
