"""A logarithm of what becomes negative, in a module's forward; or, given `input`, data that isn't finite."""
import sys

import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 4)
        self.out = nn.Linear(4, 1)

    def forward(self, x, shift):
        h = self.fc(x).abs() + 0.1
        h = torch.log(h - shift)
        return self.out(h)


net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x = torch.rand(8, 4)
for step in range(40):
    shift = 0.0
    if step == 30:
        if "input" in sys.argv:
            x = x * float("nan")
        else:
            shift = 10.0
    optimizer.zero_grad()
    loss = net(x, shift).square().mean()
    loss.backward()
    optimizer.step()
