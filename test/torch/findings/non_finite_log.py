# expects: non-finite, forward-overflow
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.randn(64, 8)
y = (x[:, :1] > 0).float()
for step in range(60):
    optimizer.zero_grad()
    p = torch.sigmoid(2000 * model(x))
    loss = -(y * p.log() + (1 - y) * (1 - p).log()).mean()  # here
    loss.backward()
    optimizer.step()
