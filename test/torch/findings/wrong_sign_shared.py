# expects: wrong-loss-scale, wrong-sign
import torch
from torch import nn

torch.manual_seed(0)
generator = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
critic = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
g = torch.optim.Adam(generator.parameters(), lr=0.01)
c = torch.optim.Adam(critic.parameters(), lr=0.01)
bce = nn.BCEWithLogitsLoss()
for step in range(400):
    fake = generator(torch.randn(32, 2))
    c.zero_grad()
    real = bce(critic(torch.randn(32, 2) + 2), torch.ones(32, 1))
    (real + bce(critic(fake.detach()), torch.zeros(32, 1))).backward()
    c.step()
    g.zero_grad()
    bce(critic(fake), torch.zeros(32, 1)).backward()  # here
    g.step()
