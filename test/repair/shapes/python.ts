import { PYTHON, pythonLoop, type Shapes } from './shape.ts';

export const python: Shapes = {
  'Python: fields and a list': {
    file: '/a/model.py',
    text: `${PYTHON}

class Deep(nn.Module):
    def __init__(self, depth=4, width=16):
        super().__init__()
        self.input = nn.Linear(2, width)  # in
        self.hidden = nn.ModuleList([nn.Linear(width, width) for _ in range(depth)])
        self.output = nn.Linear(width, 1)

    def forward(self, x):
        h = torch.sigmoid(self.input(x))
        for layer in self.hidden:
            h = torch.sigmoid(layer(h))
        return self.output(h)


model = Deep()
${pythonLoop}`,
  },
  'Python: one by one': {
    file: '/a/model.py',
    text: `${PYTHON}

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.fc1 = nn.Linear(2, 16)
        self.fc2 = nn.Linear(16, 24)
        self.fc3 = nn.Linear(24, 1)
        self.act = nn.Tanh()

    def forward(self, x):
        x = self.act(self.fc1(x))
        x = self.act(self.fc2(x))
        return self.fc3(x)


model = Net()
${pythonLoop}`,
  },
  'Python: a sequence': {
    file: '/a/model.py',
    text: `${PYTHON}
model = nn.Sequential(
    nn.Linear(2, 16),
    nn.Sigmoid(),  # squashes
    nn.Linear(16, 16), nn.Sigmoid(),
    nn.Linear(16, 1),
)
${pythonLoop}`,
  },
  'Python: appended': {
    file: '/a/model.py',
    text: `${PYTHON}
layers = []
for i in range(4):
    layers.append(nn.Linear(2 if i == 0 else 16, 16))
    layers.append(nn.Tanh())
layers.append(nn.Linear(16, 1))
model = nn.Sequential(*layers)
${pythonLoop}`,
  },
  'Python: blocks of a class of their own, and a trainer': {
    file: '/a/model.py',
    text: `import torch
from torch import nn
from torch.nn import functional as F


def dense(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, n_out), nn.Tanh())


class Block(nn.Module):
    def __init__(self, dim: int):
        super().__init__()
        self.fc = nn.Linear(dim, dim)
        self.act = nn.Sigmoid()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.act(self.fc(x))


class Model(nn.Module):
    def __init__(self, dim: int = 32, depth: int = 8):
        super().__init__()
        self.stem = dense(2, dim)
        self.blocks = nn.Sequential(*[Block(dim) for _ in range(depth)])
        self.head = nn.Linear(dim, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        x = self.blocks(x)
        return self.head(x)


class Trainer:
    def __init__(self, model: nn.Module, lr: float = 0.1):
        self.model = model
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=lr)

    def step(self, x, y):
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


torch.manual_seed(0)
x = torch.randn(64, 2)
y = (x[:, :1] * x[:, 1:] > 0).float()
trainer = Trainer(Model())
for _ in range(30):
    trainer.step(x, y)
`,
  },
  'Python: names imported by themselves, a list filled in a loop': {
    file: '/a/model.py',
    text: `import torch
from torch.nn import Linear, Module, ModuleList, Sequential, Tanh
from torch.optim import Adam


class Net(Module):
    def __init__(self):
        super().__init__()
        self.first = Linear(2, 32)
        self.layers = ModuleList()
        for _ in range(6):
            self.layers.append(Linear(32, 32))
        self.last = Linear(32, 1)
        self.act = Tanh()

    def forward(self, x):
        x = self.act(self.first(x))
        for i, layer in enumerate(self.layers):
            x = self.act(layer(x))
        return self.last(x)


def train():
    torch.manual_seed(0)
    net = Net()
    opt = Adam(net.parameters(), 3e-4)
    x = torch.randn(64, 2)
    y = (x[:, :1] * x[:, 1:] > 0).float()
    for _ in range(30):
        opt.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(net(x), y).backward()
        opt.step()


if __name__ == "__main__":
    train()
`,
  },
  'Python: a sequence with names': {
    file: '/a/model.py',
    text: `from collections import OrderedDict

${PYTHON}
model = nn.Sequential(
    OrderedDict(
        [
            ("input", nn.Linear(2, 16)),
            ("act_in", nn.Tanh()),
            ("fc1", nn.Linear(16, 16)),
            ("act1", nn.Tanh()),
            ("fc2", nn.Linear(16, 24)),
            ("act2", nn.Tanh()),
            ("output", nn.Linear(24, 1)),
        ]
    )
)
${pythonLoop}`,
  },
  'Python: a list that is a sequence': {
    file: '/a/model.py',
    text: `${PYTHON}

class Net(nn.Module):
    def __init__(self, sizes=(2, 16, 16, 16)):
        super().__init__()
        self.layers = nn.ModuleList()
        for n_in, n_out in zip(sizes[:-1], sizes[1:]):
            self.layers.append(nn.Linear(n_in, n_out))
            # squashes
            self.layers.append(nn.Sigmoid())
        self.head = nn.Linear(sizes[-1], 1)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.head(x)


model = Net()
${pythonLoop}`,
  },
  'Python: a list of sizes, the activation by itself': {
    file: '/a/model.py',
    text: `${PYTHON}

class Net(nn.Module):
    def __init__(self, sizes=(2, 16, 16, 24, 24, 1)):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])

    def forward(self, x):
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if i < len(self.layers) - 1:
                x = torch.tanh(x)
        return x


model = Net()
${pythonLoop}`,
  },
  'Python: a variable that is appended': {
    file: '/a/model.py',
    text: `${PYTHON}
layers = []
for i in range(4):
    dense = nn.Linear(2 if i == 0 else 16, 16)
    nn.init.normal_(dense.weight, std=0.4)
    layers += [dense, nn.Sigmoid()]
model = nn.Sequential(*layers, nn.Linear(16, 1))
${pythonLoop}`,
  },
  'Python: blocks of a class of their own, in a sequence': {
    file: '/a/model.py',
    text: `${PYTHON}
class Dense(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.linear = nn.Linear(inputs, outputs)
        self.bend = nn.Sigmoid()

    def forward(self, x):
        return self.bend(self.linear(x))


model = nn.Sequential(Dense(2, 16), *[Dense(16, 16) for _ in range(3)], nn.Linear(16, 1))
${pythonLoop}`,
  },
};
