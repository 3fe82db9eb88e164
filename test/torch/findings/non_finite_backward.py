# expects: non-finite, backward-overflow, at every step
import torch
from torch import nn

torch.manual_seed(0)


class Distance(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(3, 8)

    def forward(self, a, b):
        difference = self.embed(a) - self.embed(b)
        return difference.square().sum(1).sqrt()  # here


model = Distance()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for step in range(15):
    a, b = torch.randn(8, 3), torch.randn(8, 3)
    if step == 9:
        b[2] = a[2]  # the distance is 0: finite itself, but not its derivative
    optimizer.zero_grad()
    model(a, b).mean().backward()
    optimizer.step()
    if step == 9:
        break
