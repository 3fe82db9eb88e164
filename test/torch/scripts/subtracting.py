"""What is subtracted is watched for a few steps only: nothing else may notice, and nothing of it stays."""
import gc
import traceback
import weakref

import torch
from common import fingerprint
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
x, y = torch.randn(16, 4), torch.randn(16, 3)


class Tagged(torch.Tensor):
    pass


@torch.jit.script
def scripted(a, b):
    return (torch.sub(a, b) + (a - b) + a.sub(b)).square().mean()


def wrong():
    try:
        net(x) - "y"
    except TypeError:
        return traceback.format_exc()


def notes():
    kept = [o for o in gc.get_objects() if type(o).__name__ == "Note"]
    return sum(value is not None for note in kept for value in (note.answers, note.data, note.result))


traced = torch.jit.trace(lambda a, b: ((a - b) ** 2).mean(), (net(x), y))
print("traced", [node.kind() for node in traced.graph.nodes() if "onstant" not in node.kind()])
print(wrong())
for step in range(10):
    optimizer.zero_grad()
    answers = checkpoint(lambda x: net(x) - 0.5 * x[:, :3], x, use_reentrant=False)
    target = y + 0.0
    loss = ((answers - target) ** 2).mean()
    gone = weakref.ref(target)
    del target
    print("gone", gone() is None)
    loss = loss + 0.1 * scripted(answers, y) + 0.1 * traced(answers, y)
    loss = loss + (answers - y.as_subclass(Tagged)).abs().mean().as_subclass(torch.Tensor)
    answers.add(y).sub(y, alpha=2)
    answers.detach().clone().sub_(y).sub(other=y)
    with torch.autocast("cpu", torch.bfloat16):
        loss = loss + (net(x) - y).float().square().mean()
    loss.backward(retain_graph=True)
    print("notes", notes())
    optimizer.step()
print("as it was", not {"__sub__", "sub", "subtract", "__add__", "add"} & set(vars(torch.Tensor)))
fingerprint(net)
