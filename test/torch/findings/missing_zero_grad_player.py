# expects: missing-zero-grad, gradients-accumulate
import torch
from torch import nn

torch.manual_seed(0)
G = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
D = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
ofG = torch.optim.SGD(G.parameters(), lr=1e-3)
ofD = torch.optim.SGD(D.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
for step in range(40):
    fake = G(torch.randn(64, 4))
    ofD.zero_grad()
    (bce(D(torch.randn(64, 2) + 3), torch.ones(64, 1)) + bce(D(fake.detach()), torch.zeros(64, 1))).backward()
    ofD.step()
    # of the generator nobody zeroes
    bce(D(fake), torch.ones(64, 1)).backward()
    ofG.step()  # here
