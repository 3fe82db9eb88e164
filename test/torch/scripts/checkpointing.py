"""Activations computed again on the way back, in both manners."""
import torch
from common import fingerprint
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self, reentrant):
        super().__init__()
        self.reentrant = reentrant
        self.blocks = nn.ModuleList(nn.Sequential(nn.Linear(16, 16), nn.Dropout(0.1), nn.GELU()) for _ in range(3))
        self.last = nn.Linear(16, 1)

    def forward(self, x):
        for block in self.blocks:
            x = checkpoint(block, x, use_reentrant=self.reentrant)
        return self.last(x)


for reentrant in (True, False):
    net = Net(reentrant)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for step in range(10):
        x = torch.randn(8, 16, requires_grad=True)
        optimizer.zero_grad()
        net(x).square().mean().backward()
        optimizer.step()
    fingerprint(net)
