/** Scripts as people write them, in both languages, each with a loop that trains. */
export interface Shape {
  readonly file: string;
  readonly text: string;
}

const loop = `const x = randn([64, 2]);
const y = x.select(1, 0).mul(x.select(1, 1)).gt(0).to('float32').reshape([-1, 1]);
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(x), y);
  loss.backward();
  optimizer.step();
}
`;

const pythonLoop = `
x = torch.randn(64, 2)
y = (x[:, :1] * x[:, 1:] > 0).float()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for step in range(30):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), y)
    loss.backward()
    optimizer.step()
`;

const HEAD = "import { nn, optim, F, randn, manualSeed } from 'gradlens';\n\nmanualSeed(0);\n";
const PYTHON = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\ntorch.manual_seed(0)\n';

export const shapes: { readonly [name: string]: Shape } = {
  'fields and a list': {
    file: '/a/model.ts',
    text: `${HEAD}
class Deep extends nn.Module {
  input = new nn.Linear(2, 16); // in
  hidden = new nn.ModuleList(Array.from({ length: 4 }, () => new nn.Linear(16, 16)));
  output = new nn.Linear(16, 1);

  forward(x) {
    let h = this.input(x).sigmoid();
    for (const layer of this.hidden) {
      h = layer(h).sigmoid();
    }
    return this.output(h);
  }
}

const model = new Deep();
${loop}`,
  },
  'a sequence over lines': {
    file: '/a/model.ts',
    text: `${HEAD}
const model = new nn.Sequential(
  new nn.Linear(2, 16),
  new nn.Sigmoid(), // squashes
  new nn.Linear(16, 16),
  new nn.Sigmoid(),
  new nn.Linear(16, 32),
  new nn.Sigmoid(),
  new nn.Linear(32, 1),
);
${loop}`,
  },
  'a generated sequence, no semicolons': {
    file: '/a/model.mjs',
    text: `${HEAD}
const model = new nn.Sequential(
  new nn.Linear(2, 16), new nn.Tanh(),
  ...Array.from({ length: 6 }, () => [new nn.Linear(16, 16), new nn.Tanh()]).flat(),
  new nn.Linear(16, 1),
)
${loop}`.replaceAll(';\n', '\n'),
  },
  'layers one by one': {
    file: '/a/model.ts',
    text: `${HEAD}
class Net extends nn.Module {
  fc1: nn.Linear;
  fc2: nn.Linear;
  fc3: nn.Linear;
  constructor() {
    super();
    this.fc1 = new nn.Linear(2, 16);
    this.fc2 = new nn.Linear(16, 24);
    this.fc3 = new nn.Linear(24, 1);
  }
  forward(x) {
    const a = this.fc1(x).tanh();
    const b = this.fc2(a).tanh();
    return this.fc3(b);
  }
}
const model = new Net();
${loop}`,
  },
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
  'blocks of a class of their own, in a function': {
    file: '/a/model.ts',
    text: `import { nn, optim, F, randn, manualSeed, type Tensor } from 'gradlens';

class Block extends nn.Module {
  private readonly fc: nn.Linear;
  constructor(dim: number) {
    super();
    this.fc = new nn.Linear(dim, dim);
  }

  override forward(x: Tensor): Tensor {
    return this.fc(x).sigmoid();
  }
}

class Model extends nn.Module {
  stem = new nn.Sequential(new nn.Linear(2, 32), new nn.Tanh());
  blocks = new nn.Sequential(...Array.from({ length: 8 }, () => new Block(32)));
  head = new nn.Linear(32, 1);

  override forward(x: Tensor): Tensor {
    return this.head(this.blocks(this.stem(x)));
  }
}

function train(steps: number, lr = 0.1) {
  manualSeed(0);
  const model = new Model();
  const optimizer = new optim.SGD(model.parameters(), { lr });
  const x = randn([64, 2]);
  const y = x.select(1, 0).mul(x.select(1, 1)).gt(0).to('float32').reshape([-1, 1]);
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    const loss = F.binaryCrossEntropyWithLogits(model(x), y);
    loss.backward();
    optimizer.step();
  }
}

train(30);
`,
  },
  'a list filled by pushing several': {
    file: '/a/model.mjs',
    text: `import * as gl from 'gradlens'
const { nn, optim, F } = gl

const sizes = [2, 32, 32, 32, 1]
const layers = []
for (let i = 0; i + 2 < sizes.length; i++) {
  layers.push(new nn.Linear(sizes[i], sizes[i + 1]), new nn.Sigmoid())
}
layers.push(new nn.Linear(sizes[3], sizes[4]))
const model = new nn.Sequential(...layers)
const opt = new optim.Adam(model.parameters(), { lr: 0.01 })
const x = gl.randn([64, 2])
const y = x.select(1, 0).mul(x.select(1, 1)).gt(0).to('float32').reshape([-1, 1])
for (let i = 0; i < 30; i++) {
  opt.zeroGrad(); const loss = F.binaryCrossEntropyWithLogits(model(x), y)
  loss.backward(); opt.step()
}
`,
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
  'lists of layers, and activations by themselves': {
    file: '/a/model.ts',
    text: `${HEAD}
class Net extends nn.Module {
  input = new nn.Linear(2, 16);
  layers = new nn.ModuleList([new nn.Linear(16, 16), new nn.Linear(16, 24), new nn.Linear(24, 24)]);
  tail = new nn.ModuleList([new nn.Linear(24, 24), new nn.Tanh(), new nn.Linear(24, 12), new nn.Tanh()]);
  output = new nn.Linear(12, 1);

  forward(x) {
    let h = this.input(x);
    h = h.tanh();
    for (const layer of this.layers) {
      h = layer(h);
      h = h.tanh();
    }
    for (const layer of this.tail) h = layer(h);
    return this.output(h);
  }
}

const model = new Net();
${loop}`,
  },
};
