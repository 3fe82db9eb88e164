"""LBFGS: backward runs inside the optimizer's step. And a closure with plain SGD, given by name."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1)).double()
x = torch.randn(32, 3, dtype=torch.double)
y = x.sum(1, keepdim=True).sin()
lbfgs = torch.optim.LBFGS(net.parameters(), lr=0.8, max_iter=6)
sgd = torch.optim.SGD(net.parameters(), lr=0.01)


def closure():
    lbfgs.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    return loss


for step in range(6):
    lbfgs.step(closure)
for step in range(4):
    loss = sgd.step(closure=closure)
print("loss", float(loss))
fingerprint(net)
