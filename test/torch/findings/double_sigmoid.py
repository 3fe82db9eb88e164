# expects: double-softmax, sigmoid-twice
import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(0)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 16)
        self.head = nn.Linear(16, 1)

    def forward(self, x):
        return torch.sigmoid(self.head(torch.relu(self.body(x)))).squeeze(1)  # here


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(40):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    F.binary_cross_entropy_with_logits(model(x), (x[:, 0] > 0).float()).backward()
    optimizer.step()
