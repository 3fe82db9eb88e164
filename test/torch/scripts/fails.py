"""Ends in the manner that its argument names, after some steps."""
import os
import signal
import sys
import traceback

import torch
from torch import nn

torch.manual_seed(0)
how = sys.argv[1]
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)


def closure():
    optimizer.zero_grad()
    loss = net(torch.randn(4, 4)).square().mean()
    loss.backward()
    raise KeyError("in closure")


for step in range(5):
    optimizer.zero_grad()
    net(torch.randn(4, 4)).square().mean().backward()
    optimizer.step()

if how == "forward":
    net(torch.randn(4, 5))
elif how == "backward":
    x = torch.randn(3, requires_grad=True)
    loss = (x * 2).sum()
    loss.backward()
    loss.backward()
elif how == "caught":
    try:
        torch.randn(3, requires_grad=True).mul(2).backward()
    except RuntimeError:
        traceback.print_exc()
elif how == "closure":
    optimizer.step(closure)
elif how == "chain":
    try:
        torch.randn(3, requires_grad=True).mul(2).backward()
    except RuntimeError as error:
        raise ValueError("after it") from error
elif how == "exit":
    sys.exit(3)
elif how == "module":
    nn.Linear(1, 2, 3, 4, 5, 6)
elif how in ("interrupt", "terminate", "kill"):
    signals = {"interrupt": signal.SIGINT, "terminate": signal.SIGTERM, "kill": signal.SIGKILL}
    os.kill(os.getpid(), signals[how])
    while True:
        pass
elif how == "broken":  # an error of the observer's own
    observer = sys.modules.get("gradlens.parameters")
    if observer:
        observer.Parameters.measure_gradients = None
    for step in range(5):
        optimizer.zero_grad()
        net(torch.randn(4, 4)).square().mean().backward()
        optimizer.step()
    print("trained")
elif how == "never":
    print("no step more")
