# expects: unscaled-input, large-values
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(64, 32),  # here
    nn.Sigmoid(),
    nn.Linear(32, 10),
)
optimizer = torch.optim.SGD(model.parameters(), lr=1e-2)
templates = torch.randint(0, 256, (10, 64)).float()
for step in range(60):
    y = torch.randint(0, 10, (64,))
    x = (templates[y] + 40 * torch.randn(64, 64)).clamp(0, 255)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
