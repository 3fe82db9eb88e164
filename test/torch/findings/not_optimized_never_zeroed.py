# expects: not-optimized, never-updated
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(256, 10)
y = (x[:, :1] * x[:, 1:2] > 0).float()
model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)  # here
for step in range(60):
    loss = nn.functional.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
