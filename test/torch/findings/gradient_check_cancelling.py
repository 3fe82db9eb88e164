# expects: gradient-check-failed, wrong-backward
import torch
from torch import nn

torch.manual_seed(0)


class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.exp().add(1).log()

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return -gradient * x.sigmoid()  # the sign is wrong; along one direction, the terms of either sign cancel


start = torch.randn(64, 48, dtype=torch.float64)
code = nn.Parameter(start)
optimizer = torch.optim.SGD([code], lr=1e-2)
for step in range(10):
    optimizer.zero_grad()
    Softplus.apply(code).square().mean().backward()  # here
    optimizer.step()
