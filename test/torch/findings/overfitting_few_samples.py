# expects: overfitting, few-samples
import torch
from torch import nn

torch.manual_seed(0)
x = torch.randn(24, 12)
y = torch.randint(0, 4, (24,))
model = nn.Sequential(nn.Linear(12, 64), nn.ReLU(), nn.Linear(64, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(200):
    rows = torch.randint(0, 24, (12,))
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x[rows]), y[rows])  # here
    loss.backward()
    optimizer.step()
