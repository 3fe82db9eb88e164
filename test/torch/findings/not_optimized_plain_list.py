# expects: not-optimized, missing-from-optimizer
import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Linear(8, 16)
        self.hidden = [nn.Linear(16, 16) for _ in range(3)]  # here
        self.output = nn.Linear(16, 3)

    def forward(self, x):
        h = self.input(x)
        for layer in self.hidden:
            h = layer(torch.relu(h))
        return self.output(h)


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for step in range(60):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), x[:, :3].argmax(1)).backward()
    optimizer.step()
