"""Weights in bfloat16 beside some in double precision, complex ones among them."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
low, high = nn.Linear(8, 8).bfloat16(), nn.Linear(8, 1).double()
phase = nn.Parameter(torch.randn(8, dtype=torch.cfloat))
optimizer = torch.optim.SGD([*low.parameters(), *high.parameters(), phase], lr=0.01)
x = torch.randn(16, 8)
for step in range(8):
    optimizer.zero_grad()
    h = low(x.bfloat16()).double()
    (high(h).square().mean() + (h * phase).abs().mean()).backward()
    optimizer.step()
fingerprint(low, high, phase=torch.view_as_real(phase))
