"""Losses and functions of one's own, however they are called: scripted, traced, compiled, transformed, recomputed."""
import copy
import pickle

import torch
import torch.nn.functional as F
from common import fingerprint
from torch import nn
from torch.utils.checkpoint import checkpoint

torch.manual_seed(0)


class Noisy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, scale):
        noise = torch.rand_like(x)
        ctx.save_for_backward(noise)
        ctx.scale = scale
        return x * noise * scale

    @staticmethod
    def backward(ctx, gradient):
        (noise,) = ctx.saved_tensors
        return gradient * noise * ctx.scale, None


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(6, 12)
        self.head = nn.Linear(12, 3)

    def half(self, x):
        return Noisy.apply(torch.tanh(self.body(x)), 2.0)

    def forward(self, x):
        return self.head(checkpoint(self.half, x, use_reentrant=False))


@torch.jit.script
def scripted(x, y):
    return F.cross_entropy(x, y) + F.mse_loss(x, torch.zeros_like(x))


criteria = [
    nn.CrossEntropyLoss(),
    nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0]), ignore_index=1, label_smoothing=0.1, reduction="sum"),
    torch.jit.script(nn.CrossEntropyLoss()),
    scripted,
    copy.deepcopy(nn.NLLLoss()),
    pickle.loads(pickle.dumps(F.cross_entropy)),
    lambda x, y: F.huber_loss(input=x[:, 0], target=y.float()),
    lambda x, y: F.binary_cross_entropy(x.sigmoid()[:, :1], (y[:, None] > 0).float(), reduction="none").mean(),
    lambda x, y: F.cross_entropy(x.T[None], y[None], reduction="none").mean(),
    lambda x, y: F.cross_entropy(x, F.one_hot(y, 3).float()),
]
traced = torch.jit.trace(lambda x, y: F.mse_loss(x, y), (torch.zeros(2, 3), torch.ones(2, 3)))
# a graph names the files that its nodes come from; the observer's must not be among them, wherever Python lies
assert all("torch/gradlens/" not in str(node) for node in traced.graph.nodes())


class Fit(nn.Module):
    def forward(self, x, y):
        return F.smooth_l1_loss(x, y)


assert "smooth_l1_loss" in torch.fx.symbolic_trace(Fit()).code
try:
    F.cross_entropy(torch.zeros(2, 3), torch.zeros(5).long())
except ValueError as error:
    print(error)
if hasattr(torch, "compile"):
    graphs = []

    def backend(graph, inputs):
        graphs.append(graph)
        return graph.forward

    @torch.compile(backend=backend)
    def compiled(x, y):
        return F.cross_entropy(2 * x, y) + 1

    for _ in range(3):
        compiled(torch.zeros(4, 3), torch.zeros(4).long())
    print("graphs", len(graphs))
    per_sample = torch.func.vmap(torch.func.grad(lambda x, y: F.cross_entropy(x[None], y[None])))
    print("per sample", per_sample(torch.eye(3), torch.arange(3)).sum().item())

net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
x = torch.randn(16, 6)
y = x[:, :3].argmax(1)
for step in range(30):
    optimizer.zero_grad()
    criterion = criteria[step % len(criteria)]
    criterion(net(x), y).backward()
    optimizer.step()
    if step % 10 == 9:
        net.eval()
        with torch.no_grad():
            print("evaluation", F.cross_entropy(net(x), y).item())
        F.cross_entropy(net(x), y)  # with gradients, and never differentiated
        net.train()
fingerprint(net)
