# expects: non-finite, masked
import torch
from torch import nn

torch.manual_seed(0)


class Attention(nn.Module):
    """Nobody looks at itself, nor ahead: the first has nothing to look at."""

    def __init__(self):
        super().__init__()
        self.query = nn.Linear(8, 8)
        self.key = nn.Linear(8, 8)
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        mask = torch.ones(5, 5).triu(0).bool()
        scores = self.query(x) @ self.key(x).transpose(1, 2)
        scores = scores.masked_fill(mask, float("-inf"))
        weights = scores.softmax(-1)  # here
        return self.out(weights @ x)


model = Attention()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x = torch.randn(16, 5, 8)
y = torch.randn(16, 5, 1)

for _ in range(30):
    optimizer.zero_grad()
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    optimizer.step()
