# expects: wrong-loss-scale, large-logits
import torch
from torch import nn

torch.manual_seed(0)
last = nn.Linear(16, 1)  # here
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), last)
with torch.no_grad():
    last.weight.mul_(200)
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
for step in range(60):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(model(x), (x[:, :1] > 0).float()).backward()
    optimizer.step()
