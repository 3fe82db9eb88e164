# expects: small-batch-norm, tiny-batch
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 8, 3),
    nn.BatchNorm2d(8),  # here
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(8 * 36, 2),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(60):
    x = torch.randn(2, 1, 8, 8)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), (x.mean((1, 2, 3)) > 0).long()).backward()
    optimizer.step()
