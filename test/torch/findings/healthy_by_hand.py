# expects: nothing
import torch
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
x = torch.randn(64, 3)
y = x @ torch.tensor([1.0, -2, 0.5])
for step in range(150):
    optimizer.zero_grad()
    loss = ((net(x).squeeze(1) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
