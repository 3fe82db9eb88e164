# expects: wrong-loss-scale, wrong-sign
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(60):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    likelihoods = torch.log_softmax(model(x), 1).gather(1, x[:, :3].argmax(1, keepdim=True))
    loss = likelihoods.mean()  # here
    loss.backward()
    optimizer.step()
