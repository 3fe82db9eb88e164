# expects: wrong-loss-scale, penalty, at every step
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 4))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(300):
    x = torch.randn(64, 8)
    loss = nn.functional.cross_entropy(model(x), x[:, :4].argmax(1))  # here
    optimizer.zero_grad()
    (loss + sum(w.square().sum() for w in model.parameters())).backward()
    optimizer.step()
