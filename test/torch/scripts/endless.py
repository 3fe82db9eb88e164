"""Trains until it is stopped, and tidies up."""
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x = torch.ones(4, 2)
try:
    for step in range(1_000_000):
        optimizer.zero_grad()
        net(x).square().mean().backward()
        optimizer.step()
        if "hang" in sys.argv and step == 3:
            while True:
                time.sleep(0.01)
finally:
    print("tidied up")
