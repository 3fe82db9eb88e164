# expects: loss-plateau, no-better-than-constant
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(400):
    x, y = torch.randn(64, 8), torch.randint(0, 3, (64,))  # they have nothing to do with each other
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)  # here
    loss.backward()
    optimizer.step()
