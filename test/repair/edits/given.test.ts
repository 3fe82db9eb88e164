import { type Made, makes, PY, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'layers in a plain list',
    'register',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        self.layers = [nn.Linear(2, 2) for _ in range(3)]\n`,
    'self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])\n',
  ],
  [
    'a part of the model',
    'register',
    'a.ts',
    `${TS}class M extends nn.Module {}\nconst model = new M();\nconst o = new optim.SGD(model.head.parameters(), { lr: 1 });\n`,
    'new optim.SGD(model.parameters(), { lr: 1 })',
  ],
  [
    'a second model',
    'register',
    'a.py',
    `${PY}encoder = nn.Linear(2, 2)\nhead = nn.Linear(2, 1)\no = torch.optim.SGD(head.parameters(), lr=1)\n`,
    'torch.optim.SGD([*head.parameters(), *encoder.parameters()], lr=1)',
  ],
  [
    'parameters that were cut off',
    'register',
    'a.ts',
    `${TS}const model = new nn.Sequential(new nn.Linear(2, 1));\nconst o = new optim.SGD(model.parameters().slice(2), { lr: 1 });\n`,
    'new optim.SGD(model.parameters(), { lr: 1 })',
  ],
  [
    'parameters that were cut off',
    'register',
    'a.py',
    `${PY}o = torch.optim.SGD(list(model.parameters())[2:], lr=1)\n`,
    'torch.optim.SGD(model.parameters(), lr=1)',
  ],
  [
    'parameters that a condition leaves out',
    'register',
    'a.py',
    `${PY}o = torch.optim.SGD([p for n, p in model.named_parameters() if "head" in n], lr=1)\n`,
    'torch.optim.SGD(model.parameters(), lr=1)',
  ],
  [
    'logarithms of a line',
    'guard',
    'a.py',
    `${PY}loss = -(y * p.log() + (1 - y) * torch.log(1 - p)).mean()\n`,
    'loss = -(y * p.clamp(min=1e-8).log() + (1 - y) * torch.log((1 - p).clamp(min=1e-8))).mean()\n',
  ],
  [
    'the input, once',
    'standardize',
    'a.ts',
    `${TS}const { x, y } = data.twoMoons(64);\nconst model = new nn.Sequential(new nn.Linear(2, 1));\nmodel(x);\n`,
    'const { x, y } = data.twoMoons(64);\nx.sub_(x.mean(0, { keepdim: true })).div_(x.std(0, { keepdim: true }).add(1e-6));\n',
  ],
  [
    'the input of a data set',
    'standardize',
    'a.py',
    `${PY}images = read()\nds = TensorDataset(images, labels)\nmodel = nn.Sequential(nn.Linear(2, 1))\nfor x, y in DataLoader(ds): model(x)\n`,
    'images = read()\nimages = (images - images.mean(0, keepdim=True)) / (images.std(0, keepdim=True) + 1e-6)\n',
  ],
  [
    'the input, between statements of one line',
    'standardize',
    'a.py',
    `${PY}x = read(); y = answers()\nmodel = nn.Sequential(nn.Linear(2, 1))\nmodel(x)\n`,
    'x = read(); x = (x - x.mean(0, keepdim=True)) / (x.std(0, keepdim=True) + 1e-6); y = answers()\n',
  ],
  [
    'layers in a plain list that is filled later',
    'register',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        self.layers = []\n        for _ in range(3):\n            self.layers.append(nn.Linear(2, 2))\n`,
    'self.layers = nn.ModuleList()\n',
  ],
  [
    'blocks in a plain dictionary',
    'register',
    'a.py',
    `${PY}class Block(nn.Module):\n    pass\nclass M(nn.Module):\n    def __init__(self):\n        self.heads = {"a": Block(), "b": Block()}\n`,
    'self.heads = nn.ModuleDict({"a": Block(), "b": Block()})\n',
  ],
  [
    'a second model, in a function',
    'register',
    'a.ts',
    `${TS}function main() {\n  const encoder = new nn.Linear(2, 2);\n  const head = new nn.Linear(2, 1);\n  const o = new optim.SGD(head.parameters(), { lr: 1 });\n}\n`,
    'new optim.SGD([...head.parameters(), ...encoder.parameters()], { lr: 1 })',
  ],
  [
    'the input, in a function, behind what is worked out of it',
    'standardize',
    'a.py',
    `${PY}def main():\n    x = read()\n    y = (x[:, :1] > 500).float()\n    model = nn.Sequential(nn.Linear(2, 1))\n    for xb, yb in DataLoader(TensorDataset(x, y)): model(xb)\n`,
    '    y = (x[:, :1] > 500).float()\n    x = (x - x.mean(0, keepdim=True)) / (x.std(0, keepdim=True) + 1e-6)\n    model',
  ],
];

makes('what the model, its optimizer and its operations are given', made);
