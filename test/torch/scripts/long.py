"""10,000 steps, some with modules, optimizers and tensors made anew: what the observer holds must not grow."""
import gc
import resource

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
x, y = torch.randn(4, 2), torch.randn(4, 1)


def step(i):
    optimizer.zero_grad()
    nn.MSELoss()(net(x), y).backward()
    optimizer.step()
    if i % 10 == 0:
        w = torch.randn(3, requires_grad=True)
        (w * 2).sum().backward()
    if i % 20 == 0:
        with torch.no_grad():
            nn.functional.mse_loss(net(x), y)
    if i % 50 == 0:
        small = nn.Linear(2, 1)
        other = torch.optim.SGD(small.parameters(), lr=0.01)
        small(x).sum().backward()
        other.step()


for i in range(10_000):
    step(i)
    if i in (2_000, 9_999):
        gc.collect()
        tensors = sum(issubclass(type(o), torch.Tensor) for o in gc.get_objects())
        print(len(gc.get_objects()), tensors, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
