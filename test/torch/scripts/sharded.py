"""Two ranks: parameters in shards by both generations of FSDP, and layers split by tensor parallelism."""
import torch
import torch.distributed as dist
from torch import nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import FullyShardedDataParallel, fully_shard
from torch.distributed.tensor.parallel import ColwiseParallel, RowwiseParallel, parallelize_module

dist.init_process_group("gloo")
mesh = init_device_mesh("cpu", (2,))
x, y = torch.randn(16, 8, generator=torch.Generator().manual_seed(1)), torch.arange(16) % 4


def whole(net):
    return FullyShardedDataParallel(net, device_id=torch.device("cpu"))


def layerwise(net):
    for layer in (net[0], net[2]):
        fully_shard(layer, mesh=mesh)
    return fully_shard(net, mesh=mesh)


def split(net):
    return parallelize_module(net, mesh, {"0": ColwiseParallel(), "2": RowwiseParallel()})


for manner in (whole, layerwise, split):
    torch.manual_seed(0)
    net = manner(nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4)))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2)
    for step in range(8):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    local = [p.to_local() if hasattr(p, "to_local") else p for p in net.parameters()]
    total = sum(float(p.detach().double().abs().sum()) for p in local)
    # in one piece, as both ranks write to one stream
    print("rank %d %s %.17g;" % (dist.get_rank(), manner.__name__, total), flush=True)
dist.destroy_process_group()
