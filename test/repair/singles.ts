/** A script as people write it, and one remedy for it. */
export interface Single {
  readonly remedy: string;
  readonly file: string;
  readonly text: string;
  /** Lines that the edit writes. */
  readonly written: readonly string[];
}

const DATA = `const x = randn([64, 2]).mul(50).add(300);
const y = x.select(1, 0).gt(300).to('float32').reshape([-1, 1]);
`;
const HEAD = "import { nn, optim, F, ones, randn, noGrad, manualSeed } from 'gradlens';\n\nmanualSeed(0);\n";
const PYTHON = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\ntorch.manual_seed(0)\n';
const PYTHON_DATA = `x = torch.randn(64, 2) * 50 + 300
y = (x[:, :1] > 300).float()
`;

export const singles: { readonly [name: string]: Single } = {
  'a loose tensor in a model': {
    remedy: 'register',
    file: '/a/model.ts',
    text: `${HEAD}
class Net extends nn.Module {
  fc = new nn.Linear(2, 8);
  scale = ones([8], { requiresGrad: true });
  out = new nn.Linear(8, 1);

  forward(x) {
    return this.out(this.fc(x).tanh().mul(this.scale));
  }
}

const x = randn([64, 2]);
const model = new Net();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05 });
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), x.sum(1, { keepdim: true }));
  loss.backward();
  optimizer.step();
}
`,
    written: ['  scale = new nn.Parameter(ones([8], { requiresGrad: true }));'],
  },
  'Python: loose tensors in a model': {
    remedy: 'register',
    file: '/a/model.py',
    text: `${PYTHON}

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 8)
        self.scale = torch.full((8,), 0.1, requires_grad=True)
        self.shift = torch.zeros(8).requires_grad_()
        self.kept = torch.zeros(8)
        self.out = nn.Linear(8, 1)

    def forward(self, x):
        return self.out(torch.tanh(self.fc(x)) * self.scale + self.shift + self.kept)


x = torch.randn(64, 2)
model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(30):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), x.sum(1, keepdim=True))
    loss.backward()
    optimizer.step()
`,
    written: [
      '        self.scale = nn.Parameter(torch.full((8,), 0.1, requires_grad=True))',
      '        self.shift = nn.Parameter(torch.zeros(8).requires_grad_())',
      '        self.kept = torch.zeros(8)',
    ],
  },
  'an optimizer that is handed on, and on': {
    remedy: 'warm-up',
    file: '/a/model.ts',
    text: `import { nn, optim, F, randn, manualSeed, type Tensor } from 'gradlens';

const trainStep = (model: nn.Module, optimizer: optim.SGD, x: Tensor) => {
  optimizer.zeroGrad();
  const loss = F.mseLoss(model(x), x.sum(1, { keepdim: true }));
  loss.backward();
  optimizer.step();
};

function train(model: nn.Module, opt: optim.SGD, steps = 30) {
  const x = randn([64, 2]);
  for (let step = 0; step < steps; step++) trainStep(model, opt, x);
}

function main() {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.05 });
  train(model, optimizer);
}

main();
`,
    written: [
      'const trainStep = (model: nn.Module, optimizer: optim.SGD, warmup: optim.LinearLR, x: Tensor) => {',
      '  warmup.step();',
      'function train(model: nn.Module, opt: optim.SGD, warmup: optim.LinearLR, steps = 30) {',
      '  for (let step = 0; step < steps; step++) trainStep(model, opt, warmup, x);',
      '  const warmup = new optim.LinearLR(optimizer, { startFactor: 0.01, totalIters: 20 });',
      '  train(model, optimizer, warmup);',
    ],
  },
  'Python: an optimizer that is handed on to an epoch': {
    remedy: 'warm-up',
    file: '/a/model.py',
    text: `${PYTHON}

def train_epoch(model, optimizer: torch.optim.Optimizer, x, verbose=False):
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), x.sum(1, keepdim=True))
        loss.backward()
        optimizer.step()


def main():
    x = torch.randn(64, 2)
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    sgd = torch.optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(3):
        train_epoch(model, optimizer=sgd, x=x)


main()
`,
    written: [
      'def train_epoch(model, optimizer: torch.optim.Optimizer, warmup, x, verbose=False):',
      '        warmup.step()',
      '    warmup = torch.optim.lr_scheduler.LinearLR(sgd, start_factor=0.01, total_iters=20)',
      '        train_epoch(model, optimizer=sgd, warmup=warmup, x=x)',
    ],
  },
  'Python: an optimizer that a trainer is given': {
    remedy: 'warm-up',
    file: '/a/model.py',
    text: `${PYTHON}

class Trainer:
    def __init__(self, model, optimizer):
        self.model = model
        self.optimizer = optimizer

    def step(self, x):
        self.optimizer.zero_grad()
        F.mse_loss(self.model(x), x.sum(1, keepdim=True)).backward()
        self.optimizer.step()


x = torch.randn(64, 2)
model = nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
trainer = Trainer(model, optimizer)
for _ in range(30):
    trainer.step(x)
`,
    written: [
      '        self.warmup = torch.optim.lr_scheduler.LinearLR(self.optimizer, start_factor=0.01, total_iters=20)',
      '        self.warmup.step()',
    ],
  },
  'Python: a recurrence imported by its own name': {
    remedy: 'gated-cell',
    file: '/a/model.py',
    text: `import torch
from torch.nn import Linear, Module, RNN
from torch.nn import functional as F
from torch.optim import SGD


class Net(Module):
    def __init__(self):
        super().__init__()
        self.rnn = RNN(1, 16, batch_first=True)
        self.head = Linear(16, 1)

    def forward(self, x):
        out, hidden = self.rnn(x)
        return self.head(out[:, -1])


torch.manual_seed(0)
x = torch.randn(32, 20, 1)
model = Net()
optimizer = SGD(model.parameters(), lr=0.1)
for _ in range(30):
    optimizer.zero_grad()
    F.mse_loss(model(x), x.sum(1)).backward()
    optimizer.step()
`,
    written: ['from torch.nn import Linear, Module, GRU', '        self.rnn = GRU(1, 16, batch_first=True)'],
  },
  'batches of data, and others to be tested on': {
    remedy: 'standardize',
    file: '/a/model.ts',
    text: `${HEAD}
${DATA}
const held = randn([32, 2]).mul(50);

const model = new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1));
const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
for (let step = 0; step < 30; step++) {
  const start = (step * 16) % 64;
  const [inputs, targets] = [x.slice(0, start, start + 16), y.slice(0, start, start + 16)];
  optimizer.zeroGrad();
  const loss = F.binaryCrossEntropyWithLogits(model(inputs), targets);
  loss.backward();
  optimizer.step();
}
noGrad(() => model(held.add(300)));
`,
    written: [
      'const inputMean = x.mean(0, { keepdim: true });',
      'const inputStd = x.std(0, { keepdim: true }).add(1e-6);',
      'x.sub_(inputMean).div_(inputStd);',
      'noGrad(() => model(held.add(300).sub(inputMean).div(inputStd)));',
    ],
  },
  'Python: batches of data, and others to be tested on': {
    remedy: 'standardize',
    file: '/a/model.py',
    text: `${PYTHON}${PYTHON_DATA}
x_train, x_test = x[:48], x[48:]
y_train, y_test = y[:48], y[48:]

model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
for step in range(30):
    index = torch.randperm(48)[:16]
    xb, yb = x_train[index], y_train[index]
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(xb), yb)
    loss.backward()
    optimizer.step()
with torch.no_grad():
    model(x_test)
    model(x_test * 2 - x_test)
`,
    written: [
      'input_mean = x_train.mean(0, keepdim=True)',
      'input_std = x_train.std(0, keepdim=True) + 1e-6',
      'x_train = (x_train - input_mean) / input_std',
      'x_test = (x_test - input_mean) / input_std',
      '    model(((x_test * 2 - x_test) - input_mean) / input_std)',
    ],
  },
  'tensors without a model': {
    remedy: 'initialization',
    file: '/a/model.ts',
    text: `import { optim, F, randn, manualSeed, type Tensor } from 'gradlens';

manualSeed(0);
const x = randn([64, 6]);
const weights: Tensor[] = [];
for (const [rows, columns] of [[6, 32], [32, 32], [32, 1]]) weights.push(randn([rows, columns]).requiresGrad_());
const predict = (input: Tensor) => weights.reduce((h, w, i) => (i ? h.relu() : h).matmul(w), input);
const optimizer = new optim.SGD(weights, { lr: 0.01 });
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  const loss = F.mseLoss(predict(x), x.sum(1, { keepdim: true }));
  loss.backward();
  optimizer.step();
}
`,
    written: [
      'for (const p of weights) {',
      "  if (p.dim() > 1) nn.init.kaimingNormal_(p, { mode: 'fanOut', nonlinearity: 'relu' });",
      '}',
    ],
  },
  'Python: tensors without a model': {
    remedy: 'initialization',
    file: '/a/model.py',
    text: `${PYTHON}
params = {"w1": torch.randn(32, 6), "b1": torch.zeros(32), "w2": torch.randn(1, 32)}
for p in params.values():
    p.requires_grad_()


def net(x):
    return F.linear(F.relu(F.linear(x, params["w1"], params["b1"])), params["w2"])


x = torch.randn(64, 6)
optimizer = torch.optim.SGD(list(params.values()), lr=0.01)
for _ in range(30):
    optimizer.zero_grad()
    F.mse_loss(net(x), x.sum(1, keepdim=True)).backward()
    optimizer.step()
`,
    written: [
      'for p in list(params.values()):',
      '    if p.dim() > 1:',
      '        nn.init.kaiming_normal_(p, nonlinearity="relu")',
    ],
  },
  'Python: a list of layers of which the last is the output': {
    remedy: 'normalization',
    file: '/a/model.py',
    text: `${PYTHON}

class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.linears = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes[:-1], sizes[1:]))
        self.activation = nn.Sigmoid()

    def forward(self, x):
        for linear in self.linears[:-1]:
            x = self.activation(linear(x))
        return self.linears[-1](x)


x = torch.randn(64, 6)
net = MLP([6, 32, 32, 1])
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
for _ in range(30):
    optimizer.zero_grad()
    F.mse_loss(net(x), x.sum(1, keepdim=True)).backward()
    optimizer.step()
`,
    written: ['            x = self.activation(F.layer_norm(linear(x), (linear.out_features,)))'],
  },
  'a list of layers of which the last is the output': {
    remedy: 'normalization',
    file: '/a/model.ts',
    text: `import { nn, optim, F, randn, manualSeed } from 'gradlens';

class MLP extends nn.Module {
  linears = new nn.ModuleList([6, 32, 32].map((size, i, all) => new nn.Linear(size, all[i + 1] ?? 1)));

  forward(x) {
    for (let i = 0; i < 2; i++) {
      x = this.linears[i](x).sigmoid();
    }
    return this.linears[2](x);
  }
}

manualSeed(0);
const x = randn([64, 6]);
const model = new MLP();
const optimizer = new optim.SGD(model.parameters(), { lr: 0.05 });
for (let step = 0; step < 30; step++) {
  optimizer.zeroGrad();
  F.mseLoss(model(x), x.sum(1, { keepdim: true })).backward();
  optimizer.step();
}
`,
    written: ['      x = F.layerNorm(this.linears[i](x), [this.linears[i].outFeatures]).sigmoid();'],
  },
  'Python: a data set, and others to be tested on': {
    remedy: 'standardize',
    file: '/a/model.py',
    text: `import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
features = torch.rand(64, 2) * 200 + 40
price = features.sum(1, keepdim=True) / 100
train_X, test_X = features[:40], features[40:]
train_y, test_y = price[:40], price[40:]
loader = DataLoader(TensorDataset(train_X, train_y), batch_size=8, shuffle=True)

model = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
opt = torch.optim.SGD(model.parameters(), lr=1e-2)
for epoch in range(6):
    for xb, yb in loader:
        opt.zero_grad()
        loss = torch.nn.functional.mse_loss(model(xb), yb)
        loss.backward()
        opt.step()
    with torch.no_grad():
        model(test_X)
`,
    written: [
      'input_mean = train_X.mean(0, keepdim=True)',
      'train_X = (train_X - input_mean) / input_std',
      'test_X = (test_X - input_mean) / input_std',
    ],
  },
};
