# expects: non-finite, forward-overflow
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for step in range(20):
    x = torch.randn(64, 8)
    scores = 1000 * model(x)
    e = torch.exp(scores)  # here
    shares = e / e.sum(1, keepdim=True)
    loss = -shares.gather(1, x[:, :3].argmax(1, keepdim=True)).log().mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
