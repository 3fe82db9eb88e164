# expects: wrong-loss-scale, large-logits
import torch
from torch import nn

torch.manual_seed(0)
model = nn.Sequential(
    nn.Linear(8, 32),
    nn.ReLU(),
    nn.Linear(32, 5),  # here
)
with torch.no_grad():
    model[2].weight.mul_(30)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(60):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), x[:, :5].argmax(1)).backward()
    optimizer.step()
