# expects: nothing
# Functions of one's own that differ from their derivative on purpose, or can't be checked without taking part.
import torch
from torch import nn

torch.manual_seed(0)
calls = []


class Round(torch.autograd.Function):
    """Straight through."""

    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, gradient):
        return gradient


class Clamp(torch.autograd.Function):
    """Straight through, also beyond the ends."""

    @staticmethod
    def forward(ctx, x):
        return x.clamp(-0.5, 0.5)

    @staticmethod
    def backward(ctx, gradient):
        return gradient


class Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, strength):
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return -ctx.strength * gradient, None


class Noise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x + 0.1 * torch.randn_like(x)

    @staticmethod
    def backward(ctx, gradient):
        return 1.5 * gradient


class Counted(torch.autograd.Function):
    """Wrong, but it can't be run again without being noticed."""

    @staticmethod
    def forward(ctx, x):
        calls.append(x.shape)
        return 2 * x

    @staticmethod
    def backward(ctx, gradient):
        return gradient


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.square()

    @staticmethod
    def backward(ctx, gradient):
        return 2 * gradient * ctx.saved_tensors[0]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 32)
        self.head = nn.Linear(32, 3)

    def forward(self, x):
        h = Counted.apply(Noise.apply(self.body(x)))
        h = Reverse.apply(Reverse.apply(h, 0.5), 2.0)
        return self.head(h + Square.apply(h) + 0.1 * Round.apply(h) + 0.1 * Clamp.apply(h))


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
for step in range(100):
    x = torch.randn(64, 8)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), x[:, :3].argmax(1)).backward()
    optimizer.step()
assert len(calls) == 100, len(calls)
