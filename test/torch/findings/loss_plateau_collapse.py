# expects: loss-plateau, mode-collapse, at every step
import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 2), nn.Sigmoid())
D = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))  # here
ofG = torch.optim.Adam(G.parameters(), lr=1e-3)
ofD = torch.optim.Adam(D.parameters(), lr=1e-4)
bce = nn.BCEWithLogitsLoss()
for step in range(150):
    # what a sigmoid can never give
    real = torch.randn(64, 2) + 3
    fake = G(torch.randn(64, 4))
    ofD.zero_grad()
    (bce(D(real), torch.ones(64, 1)) + bce(D(fake.detach()), torch.zeros(64, 1))).backward()
    ofD.step()
    ofG.zero_grad()
    bce(D(fake), torch.ones(64, 1)).backward()
    ofG.step()
