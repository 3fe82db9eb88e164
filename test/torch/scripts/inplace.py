"""In-place activations and sums, which hooks on tensors get wrong and full backward hooks crash on."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.conv2(y)
        y += x
        return self.relu(y)


net = nn.Sequential(nn.Conv2d(1, 4, 3), Block(), Block(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
net = net.to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, nesterov=True)
x, y = torch.randn(8, 1, 10, 10), torch.randint(0, 3, (8,))
for step in range(10):
    optimizer.zero_grad(set_to_none=True)
    out = net(x)
    out.mul_(2)
    loss = nn.functional.cross_entropy(out, y)
    loss.backward()
    optimizer.step()
fingerprint(net)
