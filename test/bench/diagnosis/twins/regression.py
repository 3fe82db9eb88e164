import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(1)
mixing = torch.randn(8, 3)


def truth(x):
    z = x @ mixing / 3
    return z.sin().sum(1, keepdim=True) + z[:, :1] * z[:, 1:2]


inputs = torch.randn(512, 8)
targets = truth(inputs)
held = torch.randn(512, 8)

model = nn.Sequential(
    nn.Linear(8, 48),
    nn.ReLU(),
    nn.Linear(48, 48),
    nn.ReLU(),
    nn.Linear(48, 1),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for step in range(240):
    start = (step * 64) % 512
    x, y = inputs[start : start + 64], targets[start : start + 64]
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()

model.eval()
wanted = truth(held)
with torch.no_grad():
    missed = (model(held) - wanted).square().mean().item()
print("skill", 1 - missed / (wanted - wanted.mean()).square().mean().item())
