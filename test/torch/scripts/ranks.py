"""Two ranks of data-parallel training (gloo). Rank 1's inputs were never scaled."""
import torch
import torch.distributed as dist
from common import fingerprint
from torch import nn
from torch.nn.parallel import DistributedDataParallel

dist.init_process_group("gloo")
rank = dist.get_rank()
torch.manual_seed(0)
x = torch.randn(16, 8) * (16 if rank == 1 else 1)
y = torch.randint(0, 3, (16,))
model = DistributedDataParallel(nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3)))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(10):
    optimizer.zero_grad(set_to_none=True)
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
if rank == 0:
    fingerprint(model.module)
dist.destroy_process_group()
