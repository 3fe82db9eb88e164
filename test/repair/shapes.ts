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
};
