# expects: bad-initialization, large-weights
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(16, 32),  # here
    nn.Tanh(),
    nn.LayerNorm(32),
    nn.Linear(32, 32),
    nn.Tanh(),
    nn.LayerNorm(32),
    nn.Linear(32, 3),
)
for layer in (model[0], model[3]):
    nn.init.normal_(layer.weight, std=8)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
for step in range(60):
    x = torch.randn(64, 16)
    y = torch.randint(0, 3, (64,))
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
