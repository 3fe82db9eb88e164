"""Gradients that are known to the bit: of every magnitude and of none, and more of them than are looked at."""

import struct

import torch

few = torch.tensor(
    [0.0, -0.0, 1e-40, 1.1754944e-38, -3e-20, 0.25, 0.49999997, -0.5, 0.99999994, 1.0, 3.0, 7e37, float("inf"), float("nan")]
)
many = torch.sin(0.37 * torch.arange(20000.0)) ** 5 * 1e-3
a = torch.nn.Parameter(torch.zeros(len(few)))
b = torch.nn.Parameter(torch.zeros(len(many)))
optimizer = torch.optim.SGD([a, b], lr=0.01)
for _ in range(3):
    optimizer.zero_grad()
    # the derivative of a product by one factor is the other one
    ((a * few).sum() + (b * many).sum()).backward()
    optimizer.step()
for name, parameter in (("a", a), ("b", b)):
    numbers = parameter.grad.tolist()
    print(name, struct.pack("<%df" % len(numbers), *numbers).hex())
