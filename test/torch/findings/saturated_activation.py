# expects: saturated-activation, large-preactivations
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(8, 32),  # here
    nn.Tanh(),
    nn.Linear(32, 32),
    nn.ReLU(),
    nn.Linear(32, 3),
)
with torch.no_grad():
    model[0].weight.mul_(20)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
for step in range(40):
    x = torch.randn(64, 8)
    y = torch.randint(0, 3, (64,))
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
