"""The calls of loss functions in test/probe/lossCalls.ts, in the same order."""
import torch
import torch.nn.functional as F
from common import fingerprint
from torch import nn

answers = torch.tensor([[0.5, -1, 2], [1.5, 0.25, -0.5], [-0.75, 1, 0], [3, -2, 0.5]])
numbers = torch.tensor([[0.0, 2, 1], [1, 5, 0], [1, 0, 4], [4, 1, 1]])
signs = (numbers > 1).float() * 2 - 1
shares = numbers.softmax(1)
classes = torch.tensor([0, 1, 1, 2])
some = torch.tensor([0, 1, 9, 2])
weights = torch.tensor([1.0, 2, 4])

calls = [
    lambda x: F.l1_loss(x, numbers),
    lambda x: F.huber_loss(x, numbers, delta=0.75),
    lambda x: F.smooth_l1_loss(x, numbers, beta=0.5),
    lambda x: F.smooth_l1_loss(x, numbers, beta=0.0),
    lambda x: F.poisson_nll_loss(x, numbers, full=True),
    lambda x: F.soft_margin_loss(x, signs),
    lambda x: F.cross_entropy(x, classes),
    lambda x: F.cross_entropy(x, classes, weight=weights),
    lambda x: F.cross_entropy(x, some, ignore_index=9),
    lambda x: F.cross_entropy(x, classes, label_smoothing=0.2, weight=weights),
    lambda x: F.cross_entropy(x, shares),
    lambda x: F.kl_div(x.log_softmax(1), shares, reduction="batchmean"),
    lambda x: F.kl_div(x.log_softmax(1), shares.log(), log_target=True, reduction="batchmean"),
]
net = nn.Linear(4, 3, bias=False)
with torch.no_grad():
    net.weight.copy_(answers.T)
optimizer = torch.optim.SGD(net.parameters(), lr=0.0)
for call in calls:
    optimizer.zero_grad()
    call(net(torch.eye(4))).backward()
    optimizer.step()
fingerprint(net)
