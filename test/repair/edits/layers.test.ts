import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'weights used by name: what comes out is normalized',
    'normalization',
    'a.py',
    `${PY}class M(nn.Module):
    def __init__(self):
        self.fc1 = nn.Linear(2, 2)
        nn.init.zeros_(self.fc1.weight)
    def forward(self, x):
        h = torch.tanh(self.fc1(x))
        return h
`,
    'torch.nn.functional.layer_norm(self.fc1(x), (self.fc1.out_features,))\n',
  ],
  [
    'layers whose weights a loop over them initializes',
    'normalization',
    'a.ts',
    `${TS}class M extends nn.Module {\n  a = new nn.Linear(2, 2);\n  b = new nn.Linear(2, 1);\n  init() {\n    for (const fc of [this.a, this.b]) nn.init.zeros_(fc.bias);\n  }\n  forward(x) {\n    const h = this.a(x).relu();\n    return this.b(h);\n  }\n}\n`,
    'const h = F.layerNorm(this.a(x), [this.a.outFeatures]).relu();\n',
  ],
  [
    'a recurrence in a plain list',
    'register',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        self.parts = [nn.GRU(2, 2)]\n`,
    'self.parts = nn.ModuleList([nn.GRU(2, 2)])\n',
  ],
  [
    'layers that sizes are mapped to',
    'register',
    'a.ts',
    `${TS}class M extends nn.Module {\n  constructor() {\n    super();\n    this.all = sizes.slice(1).map((n, i) => new nn.Linear(sizes[i], n));\n  }\n}\n`,
    'this.all = new nn.ModuleList(sizes.slice(1).map((n, i) => new nn.Linear(sizes[i], n)));\n',
  ],
  [
    'layers that are pushed onto a plain list',
    'register',
    'a.ts',
    `${TS}class M extends nn.Module {\n  constructor() {\n    super();\n    this.all = [];\n    for (const n of sizes) this.all.push(new Block());\n  }\n}\nclass Block extends nn.Module {}\n`,
    'this.all = new nn.ModuleList();\n    for (const n of sizes) this.all.append(new Block());\n',
  ],
  [
    'a list that is filled before it becomes a field, and is used as an array is',
    'register',
    'a.ts',
    `${TS}class M extends nn.Module {\n  constructor() {\n    super();\n    const all = [];\n    for (const n of sizes) {\n      const one = new nn.Linear(n, n);\n      all.push(one, new nn.ReLU());\n    }\n    this.all = all;\n  }\n  forward(x) {\n    return this.all.reduce((h, f) => f(h), x);\n  }\n}\n`,
    'this.all = new nn.ModuleList(all);\n  }\n  forward(x) {\n    return [...this.all].reduce((h, f) => f(h), x);\n',
  ],
  [
    'a list that is filled before it becomes a field',
    'register',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        layers = []\n        for _ in range(3):\n            layers.append(nn.Linear(2, 2))\n        self.layers = layers\n`,
    'self.layers = nn.ModuleList(layers)\n',
  ],
  [
    'the input, behind a loop that changes parts of it',
    'standardize',
    'a.ts',
    `${TS}const all = randn([9, 2]);\nconst [x, z] = [all.slice(0, 0, 6), all.slice(0, 6)];\nfor (const set of [x, z]) set.mul_(300);\nconst model = new nn.Sequential(new nn.Linear(2, 1));\nconst out = model(x);\nout.sum().backward();\n`,
    'for (const set of [x, z]) set.mul_(300);\nx.sub_(x.mean(0, { keepdim: true })).div_(x.std(0, { keepdim: true }).add(1e-6));\n',
  ],
  [
    'a cell with gates',
    'gated-cell',
    'a.py',
    `${PY}r = nn.RNN(8, 16, batch_first=True)\n`,
    'r = nn.GRU(8, 16, batch_first=True)\n',
  ],
  [
    'the softmax at the end of a sequence',
    'drop-softmax',
    'a.py',
    `${PY}model = nn.Sequential(\n    nn.Linear(2, 3),\n    nn.Softmax(dim=1),\n)\n`,
    'model = nn.Sequential(\n    nn.Linear(2, 3),\n)\n',
  ],
  [
    'a softmax between layers, but not the last',
    'activation',
    'a.py',
    `${PY}m = nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1), nn.Linear(3, 3), nn.Softmax(dim=1))\no = torch.optim.SGD(m.parameters(), lr=1)\n`,
    'nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 3), nn.Softmax(dim=1))\n',
  ],
  [
    'the softmax that forward returns',
    'drop-softmax',
    'a.ts',
    `${TS}class M extends nn.Module {\n  forward(x) {\n    const a = this.q(x).softmax(-1).matmul(x);\n    return this.fc(a).softmax(1);\n  }\n}\n`,
    'softmax(-1).matmul(x);\n    return this.fc(a);\n',
  ],
  [
    'the softmax as a function',
    'drop-softmax',
    'a.py',
    `${PY}class M(nn.Module):\n    def forward(self, x):\n        return F.softmax(self.fc(x), dim=1)  # probabilities\n`,
    '        return self.fc(x)  # probabilities\n',
  ],
  [
    'GroupNorm for BatchNorm',
    'group-norm',
    'a.py',
    `${PY}m = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16, momentum=0.01), nn.ReLU(), nn.BatchNorm2d(width))\n`,
    'nn.Conv2d(3, 16, 3), nn.GroupNorm(8, 16), nn.ReLU(), nn.GroupNorm(1, width))',
  ],
  [
    'a strided convolution, with a projection',
    'residual',
    'a.py',
    `${PY}m = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2))\n`,
    'Residual(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), skip=nn.Conv2d(8, 16, 1, stride=2, bias=False)), nn.Flatten()',
  ],
  [
    'a class that is made for whole elements alone',
    'residual',
    'a.py',
    `${PY}class Block(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(8, 8)\n    def forward(self, x):\n        return torch.tanh(self.fc(x))\nclass M(nn.Module):\n    def __init__(self):\n        self.first = nn.Sequential(nn.Linear(2, 8), nn.Tanh())\n        self.blocks = nn.ModuleList([Block() for _ in range(3)])\n`,
    `${PY}class Block(nn.Module):\n    def __init__(self):\n        self.fc = nn.Linear(8, 8)\n    def forward(self, x):\n        return x + torch.tanh(self.fc(x))\n`,
  ],
  [
    'BatchNorm imported by its own name',
    'group-norm',
    'a.py',
    `${PY}from torch.nn import BatchNorm2d\nm = BatchNorm2d(16)\n`,
    'm = nn.GroupNorm(8, 16)\n',
  ],
  [
    'the softmax of a field, whose result is returned',
    'drop-softmax',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        self.softmax = nn.Softmax(dim=1)\n    def forward(self, x):\n        x = self.fc(x)\n        x = self.softmax(x)\n        return x\n`,
    '        x = self.fc(x)\n        return x\n',
  ],
  [
    'the softmax whose result is returned by another name',
    'drop-softmax',
    'a.ts',
    `${TS}class M extends nn.Module {\n  forward(x) {\n    const logits = this.net(x);\n    const probs = F.softmax(logits, -1);\n    return probs;\n  }\n}\n`,
    '    const probs = logits;\n    return probs;\n',
  ],
  [
    'the softmax before the loss',
    'drop-softmax',
    'a.py',
    `${PY}for x, y in data:\n    probs = model(x).softmax(1)\n    loss = criterion(probs, y)\n`,
    '    probs = model(x)\n    loss = criterion(probs, y)\n',
  ],
  [
    'the sigmoid before a loss that takes logits',
    'drop-softmax',
    'a.py',
    `${PY}for x, y in data:\n    loss = F.binary_cross_entropy_with_logits(torch.sigmoid(model(x)), y)\n`,
    'F.binary_cross_entropy_with_logits(model(x), y)\n',
  ],
  [
    'a sequence with names on one line',
    'residual',
    'a.py',
    `${PY}m = nn.Sequential(OrderedDict([("a", nn.Linear(8, 8)), ("b", nn.Tanh()), ("c", nn.Linear(8, 1))]))\n`,
    '\nm = nn.Sequential(OrderedDict([("a", Residual(nn.Linear(8, 8), nn.Tanh())), ("c", nn.Linear(8, 1))]))\n',
  ],
  [
    'a sequence with names',
    'normalization',
    'a.py',
    `${PY}m = nn.Sequential(OrderedDict([\n    ("fc1", nn.Linear(2, 8)),\n    ("act1", nn.Tanh()),\n    ("out", nn.Linear(8, 1)),\n]))\n`,
    '    ("fc1", nn.Linear(2, 8)),\n    ("fc1_norm", nn.LayerNorm(8)),\n    ("act1", nn.Tanh()),\n    ("out", nn.Linear(8, 1)),\n',
  ],
];

makes('layers', made);

const refused: readonly Refused[] = [
  [
    'layers that are pushed two at a time',
    'register',
    'a.ts',
    `${TS}class M extends nn.Module {\n  all = [];\n  add(n) {\n    this.all.push(new nn.Linear(n, n), new nn.ReLU());\n  }\n}\n`,
    /several layers are pushed at once/,
  ],
  ['a recurrence by hand', 'gated-cell', 'a.ts', `${TS}const h = cell(h);\n`, /by hand/],
  ['no softmax', 'drop-softmax', 'a.py', `${PY}a = q.softmax(-1) @ v\n`, /no softmax/],
  ['no BatchNorm', 'group-norm', 'a.ts', `${TS}new nn.LayerNorm(2);\n`, /no BatchNorm/],
  [
    'a gate',
    'activation',
    'a.ts',
    `${TS}class G extends nn.Module {
  u = new nn.Linear(8, 8);
  forward(x) {
    const z = this.u(x).sigmoid();
    return z.mul(x);
  }
}\n`,
    /gate/,
  ],
  [
    'a sequence with names that are asked for',
    'residual',
    'a.py',
    `${PY}m = nn.Sequential(OrderedDict([("a", nn.Linear(8, 8)), ("b", nn.Tanh()), ("c", nn.Linear(8, 1))]))\nprint(m.b)\n`,
    /a connection can be put around/,
  ],
];

refuses('layers', refused);
