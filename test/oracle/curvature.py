"""Records the largest eigenvalue of real PyTorch's Hessians, for curvature.test.ts: python curvature.py > curvature.jsonl

Each line is a small network with its data, in float64: the largest eigenvalue of the Hessian (torch.autograd.functional.hessian)
of its loss, and of Adam's preconditioned Hessian after so many updates (Cohen et al. 2022: P is what the update divides by).
"""

import json

import torch
from torch import nn
from torch.func import functional_call

torch.manual_seed(0)
UPDATES = 5
ADAM = {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-6, "weight_decay": 0.1}


def packed(t):
    return {"shape": list(t.shape), "values": [float(f"{v:.14g}") for v in t.detach().reshape(-1).tolist()]}


def hessian(model, loss, x, y):
    names, values = zip(*model.named_parameters())
    sizes = [v.numel() for v in values]
    shapes = [v.shape for v in values]

    def f(flat):
        parts = [p.reshape(s) for p, s in zip(flat.split(sizes), shapes)]
        return loss(functional_call(model, dict(zip(names, parts)), (x,)), y)

    return torch.autograd.functional.hessian(f, torch.cat([v.detach().reshape(-1) for v in values]))


def network(name, model, loss, x, y):
    model = model.double()
    start = {n: packed(p) for n, p in model.named_parameters()}
    plain = torch.linalg.eigvalsh(hessian(model, loss, x, y))
    optimizer = torch.optim.Adam(model.parameters(), **ADAM)
    for _ in range(UPDATES):
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()
    b1, b2 = ADAM["betas"]
    p = torch.cat([(s["exp_avg_sq"].sqrt() / (1 - b2 ** UPDATES) ** 0.5 + ADAM["eps"]).reshape(-1) for s in (optimizer.state[q] for q in model.parameters())])
    root = (p * (1 - b1 ** UPDATES)).rsqrt()
    h = hessian(model, loss, x, y) + ADAM["weight_decay"] * torch.eye(len(p), dtype=torch.float64)
    preconditioned = torch.linalg.eigvalsh(root[:, None] * h * root)
    print(json.dumps({"name": name, "parameters": start, "input": packed(x), "target": packed(y),
                      "eigenvalue": plain[-1].item(), "least": plain[0].item(), "preconditioned": preconditioned[-1].item()}, separators=(",", ":")))


def randn(*shape):
    return torch.randn(*shape, dtype=torch.float64)


print(json.dumps({"torch": torch.__version__, "updates": UPDATES}))
network("tanh, mean squared error", nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2)), nn.MSELoss(), randn(16, 3), randn(16, 2))
network("convolution, batch normalization, cross entropy",
        nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.GELU(), nn.Flatten(), nn.Linear(18, 3)), nn.CrossEntropyLoss(), randn(6, 1, 5, 5), torch.tensor([0, 1, 2, 0, 1, 2]))
network("sigmoid, layer normalization, logits", nn.Sequential(nn.Linear(4, 5), nn.LayerNorm(5), nn.Sigmoid(), nn.Linear(5, 1)), nn.BCEWithLogitsLoss(), randn(12, 4), (randn(12, 1) > 0).double())
