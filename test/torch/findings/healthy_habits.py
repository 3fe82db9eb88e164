# expects: nothing
# Habits that look like faults: gradient accumulation, a frozen body in evaluation mode that is trained on, a target network,
# an output kept from the loss on purpose, gradients left to accumulate at the other network of a pair.
import copy

import torch
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(8, 32), nn.BatchNorm1d(32), nn.ReLU())
        self.head = nn.Linear(32, 3)
        for parameter in self.body.parameters():
            parameter.requires_grad = False

    def forward(self, x):
        return self.head(self.body(x))


model = Net()
target = copy.deepcopy(model)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(80):
    model.eval()  # the statistics of the body must stay as they are
    optimizer.zero_grad()
    for part in range(4):
        x = torch.randn(16, 8)
        with torch.no_grad():
            target(x)
        loss = nn.functional.cross_entropy(model(x), x[:, :3].argmax(1))
        (loss / 4).backward()
    optimizer.step()
    with torch.no_grad():
        for ours, theirs in zip(target.parameters(), model.parameters()):
            ours.lerp_(theirs, 0.01)
