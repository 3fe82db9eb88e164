# expects: exploding-gradient, recurrent-weights
import torch
from torch import nn

torch.manual_seed(0)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(1, 32)
        self.again = nn.Linear(32, 32)  # here
        self.last = nn.Linear(32, 1)
        nn.init.orthogonal_(self.again.weight, gain=1.8)

    def forward(self, x):
        h = torch.zeros(x.shape[0], 32)
        for t in range(x.shape[1]):
            h = torch.relu(self.first(x[:, t : t + 1]) + self.again(h))
        return self.last(h)


model = Recurrent()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-20)
x = torch.randn(16, 40)
for step in range(30):
    optimizer.zero_grad()
    nn.functional.mse_loss(model(x), x.sum(1, keepdim=True)).backward()
    optimizer.step()
