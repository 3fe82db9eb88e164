"""Automatic mixed precision on the CPU, with a GradScaler where there is one for it; one step overflows and is skipped."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
make = getattr(torch.amp, "GradScaler", None)
scaler = make("cpu", init_scale=1024.0) if make else torch.cuda.amp.GradScaler()
x, y = torch.randn(16, 8), torch.randn(16, 1)
for step in range(10):
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = nn.functional.mse_loss(net(x).float(), y)
        if step == 4 and make:
            loss = loss * 1e38 * 10
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
    if step == 0:
        print("loss", float(loss))
fingerprint(net)
