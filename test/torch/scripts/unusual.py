"""Steps of the usual kind, with something unusual among them now and then. Prints the loss and learning rate of each."""
import torch
from common import fingerprint
from torch import nn

torch.manual_seed(0)
torch.set_printoptions(precision=17)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))


class Moody(torch.optim.SGD):
    fails = False

    def step(self, closure=None):
        if self.fails:
            raise RuntimeError("not this time")
        return super().step(closure)


optimizer = Moody(net.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 10, gamma=0.5)
x, y = torch.randn(16, 4), torch.randint(0, 2, (16,))


def loss_of(part=slice(None)):
    return nn.functional.cross_entropy(net(x[part]), y[part])


def tell(loss, rate=None):
    print("step", repr(float(loss.detach() if torch.is_tensor(loss) else loss)), repr(rate or optimizer.param_groups[0]["lr"]))


def usual():
    optimizer.zero_grad()
    loss = loss_of()
    loss.backward()
    optimizer.step()
    tell(loss)
    scheduler.step()


def accumulated():
    optimizer.zero_grad()
    total = 0.0
    for part in (slice(0, 8), slice(8, 16)):
        loss = loss_of(part) / 2
        loss.backward()
        total += loss.item()
    optimizer.step()
    tell(total)


def thrown_away():
    """A step ends with its gradients, whether they are used or not."""
    optimizer.zero_grad()
    loss = loss_of()
    loss.backward()
    print("step", repr(loss.item()), "nan")


def closure():
    def evaluate():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    tell(optimizer.step(evaluate))



def failed():
    """The update fails, and the script goes on: its gradients are thrown away by the next step."""
    optimizer.zero_grad()
    loss = loss_of()
    loss.backward()
    optimizer.fails = True
    try:
        optimizer.step()
    except RuntimeError:
        print("step", repr(loss.item()), "nan")
    optimizer.fails = False


def evaluated():
    with torch.no_grad():
        loss_of()


def nested():
    """One backward pass within another."""

    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(context, value):
            return value * 1

        @staticmethod
        def backward(context, gradient):
            with torch.enable_grad():
                inner = torch.ones(2, requires_grad=True)
                (inner * 3).sum().backward()
            return gradient + 0 * inner.grad.sum()

    optimizer.zero_grad()
    loss = Twice.apply(loss_of())
    loss.backward()
    optimizer.step()
    tell(loss)


def another_optimizer():
    other = torch.optim.Adam(net.parameters(), lr=0.01)
    other.zero_grad()
    loss = loss_of()
    loss.backward()
    other.step()
    tell(loss, 0.01)


def not_finite():
    optimizer.zero_grad()
    loss = loss_of() * float("inf")
    loss.backward()
    optimizer.zero_grad()
    print("step", "inf", "nan")


unusual = [accumulated, thrown_away, closure, failed, evaluated, nested, another_optimizer, not_finite]
for happens in unusual:
    for _ in range(5):
        usual()
    happens()
for _ in range(5):
    usual()
fingerprint(net)
