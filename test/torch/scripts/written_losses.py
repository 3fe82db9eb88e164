"""The losses of test/probe/writtenLossCalls.ts, in the same order; then some as written in Python, each beside the library's."""
import torch
import torch.nn.functional as F
from common import fingerprint
from torch import nn

answers = torch.tensor([[0.5, -1, 2], [1.5, 0.25, -0.5], [-0.75, 1, 0], [3, -2, 0.5]])
numbers = torch.tensor([[0.0, 2, 1], [1, 5, 0], [1, 0, 4], [4, 1, 1]])
classes = torch.tensor([0, 1, 1, 2])
one_hot = F.one_hot(classes, 3).float()
two = torch.tensor([[0.0, 1, 1], [1, 0, 0], [1, 0, 1], [0, 1, 1]])


def certain(x):
    return torch.sigmoid(x).clamp(1e-6, 1 - 1e-6)


def square_of_product(x):
    d = x - numbers
    return (d * d).sum(1).mean()


def one_of_two(p, t):
    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()


def in_two_means(x):
    p = certain(x)
    return -(two * p.log()).mean() - ((torch.tensor(1.0) - two) * (torch.tensor(1.0) - p).log()).mean()


def by_logits(x):
    return -(two * F.logsigmoid(x) + (1 - two) * F.logsigmoid(-x)).mean()


calls = [
    lambda x: torch.square(x - numbers).mean(),
    lambda x: (numbers - x).pow(2).mean(),
    square_of_product,
    lambda x: ((x - numbers) ** 2).mean() / 2,
    lambda x: x.sub(numbers).square().mean().sqrt(),
    lambda x: -x.subtract(numbers).square().mean(),
    lambda x: (x - numbers).abs().mean(),
    lambda x: one_of_two(certain(x), two),
    in_two_means,
    by_logits,
    lambda x: -x.log_softmax(1).gather(1, classes[:, None]).mean(),
    lambda x: -(x.softmax(1).gather(1, classes[:, None]).squeeze(1) + 1e-9).log().mean(),
    lambda x: (-(one_hot * torch.log(x.softmax(1) + 1e-8)).sum(1)).mean(),
    lambda x: (-(one_hot * torch.log(x.softmax(0))).sum(1)).mean(),
    # answers held against each target
    lambda x: ((x.sum(1, keepdim=True) - numbers[:, 0]) ** 2).mean(),
    lambda x: one_of_two(certain(x.sum(1, keepdim=True)), two[:, 0]),
    # no loss
    lambda x: (x - numbers).mean(),
    # several
    lambda x: ((x - numbers) ** 2).mean() + 0.1 * (x - two).abs().mean() + x.exp().mean(),
    # beside a function of the library
    lambda x: F.mse_loss(x, numbers) + ((x - two) ** 2).mean(),
    # of these nothing is told
    lambda x: ((x - x.exp()) ** 2).mean(),
    lambda x: ((x - 1) ** 2).mean(),
    lambda x: ((x - numbers) ** 2 * two).mean(),
    lambda x: (numbers * x.log_softmax(1)).sum(1).mean(),
    lambda x: -(one_hot * torch.sigmoid(x).log()).sum(1).mean(),
    lambda x: (x.log_softmax(1).gather(1, classes[:, None]) * numbers[:, :1]).mean(),
    lambda x: -x.gather(1, classes[:, None]).mean(),
]


def log_softmax(x):
    return x - x.exp().sum(-1).log().unsqueeze(-1)


def normalized(x):
    counts = x.exp()
    probabilities = counts / counts.sum(1, keepdim=True)
    return -probabilities[torch.arange(4), classes].log().mean()


def as_mean(x):
    return F.mse_loss(x, numbers)


def of_classes(x):
    return F.nll_loss(x.log_softmax(1), classes)


beside = [
    (lambda x: torch.mean((x + -numbers) ** 2), as_mean),
    (lambda x: (torch.sum((numbers - x) ** 2) / (2 * len(x))), as_mean),
    (lambda x: (((x - numbers) ** 2).mean(1) + 1e-8).sqrt().mean(), as_mean),
    (lambda x: ((x.bfloat16() - numbers.bfloat16()) ** 2).float().mean(), lambda x: F.mse_loss(x.bfloat16().float(), numbers)),
    (lambda x: -log_softmax(x)[range(4), classes].mean(), of_classes),
    (lambda x: -x.log_softmax(-1).gather(-1, classes.unsqueeze(1)).sum(), of_classes),
    (lambda x: -torch.log(x.softmax(1)[range(4), classes] + 1e-9).sum() / 4, of_classes),
    (normalized, of_classes),
    (
        lambda x: -(two.long() * torch.log(certain(x)) + (1 - two.long()) * torch.log1p(-certain(x))).sum(),
        lambda x: F.binary_cross_entropy(certain(x), two),
    ),
]

net = nn.Linear(4, 3, bias=False)
with torch.no_grad():
    net.weight.copy_(answers.T)
optimizer = torch.optim.SGD(net.parameters(), lr=0.0)
# All in one step: later ones are looked at only where losses are written out.
for call in calls:
    call(net(torch.eye(4))).backward()
for written, library in beside:
    written(net(torch.eye(4))).backward()
    library(net(torch.eye(4))).backward()
optimizer.step()
fingerprint(net)
