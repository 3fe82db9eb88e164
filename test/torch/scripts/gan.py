"""Two models, two optimizers in turns; the first update of the second one comes after two of the first."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 16), nn.LeakyReLU(0.2, inplace=True), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2, inplace=True), nn.Linear(16, 1))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3)
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(30):
    real = torch.randn(16, 2) + 3
    fake = G(torch.randn(16, 4))
    opt_d.zero_grad()
    bce(D(real), torch.ones(16, 1)).backward()
    bce(D(fake.detach()), torch.zeros(16, 1)).backward()
    opt_d.step()
    opt_g.zero_grad()
    bce(D(fake), torch.ones(16, 1)).backward()
    opt_g.step()
fingerprint(G, D)
