import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const model = (...forward: string[]) =>
  `${TS}class M extends nn.Module {\n  out = new nn.Linear(8, 1);\n  forward(x) {\n    ${forward.join('\n    ')}\n  }\n}\n`;
const pythonModel = (...forward: string[]) =>
  `${PY}class M(nn.Module):\n    def __init__(self):\n        self.out = nn.Linear(8, 1)\n    def forward(self, x):\n        ${forward.join('\n        ')}\n`;

const bounded: readonly Made[] = [
  [
    'a sigmoid at the end of a sequence',
    'unbounded',
    'a.ts',
    `${TS}const model = new nn.Sequential(\n  new nn.Linear(2, 8),\n  new nn.Sigmoid(),\n  new nn.Linear(8, 1), // out\n  new nn.Sigmoid(), // here\n);\n`,
    '  new nn.Sigmoid(),\n  new nn.Linear(8, 1), // out\n  // here\n);\n',
  ],
  [
    'a ReLU at the end of a sequence on one line',
    'unbounded',
    'a.py',
    `${PY}model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 4), nn.ReLU())  # here\n`,
    'nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 4))  # here\n',
  ],
  [
    'a tanh at the end of a sequence over lines',
    'unbounded',
    'a.py',
    `${PY}model = nn.Sequential(\n    nn.Linear(2, 8),\n    nn.Tanh(),\n    nn.Linear(8, 1),\n    nn.Tanh(),  # here\n)\n`,
    '    nn.Tanh(),\n    nn.Linear(8, 1),  # here\n)\n',
  ],
  [
    'a sequence with names',
    'unbounded',
    'a.py',
    `${PY}m = nn.Sequential(OrderedDict([\n    ("fc", nn.Linear(2, 8)),\n    ("out", nn.Linear(8, 1)),\n    ("act", nn.Sigmoid()),  # here\n]))\n`,
    '    ("out", nn.Linear(8, 1)),  # here\n]))\n',
  ],
  [
    'a list of layers',
    'unbounded',
    'a.py',
    `${PY}layers = [nn.Linear(2, 8), nn.Tanh()]\nlayers.append(nn.Linear(8, 1))\nlayers.append(nn.Tanh())\nmodel = nn.Sequential(*layers)  # 5 is the line\n`,
    'layers.append(nn.Linear(8, 1))\nmodel',
  ],
  [
    'what forward returns',
    'unbounded',
    'a.ts',
    model('const h = this.fc(x).tanh();', 'return this.out(h).tanh(); // here'),
    'const h = this.fc(x).tanh();\n    return this.out(h); // here\n',
  ],
  [
    'what forward returns, by a function',
    'unbounded',
    'a.py',
    pythonModel('return torch.sigmoid(self.out(torch.sigmoid(x)))  # here'),
    '        return self.out(torch.sigmoid(x))  # here\n',
  ],
  [
    'what forward returns, in another shape',
    'unbounded',
    'a.py',
    pythonModel('return F.relu(self.out(x)).squeeze(1)  # here'),
    '        return self.out(x).squeeze(1)  # here\n',
  ],
  [
    'a variable that forward returns',
    'unbounded',
    'a.py',
    pythonModel('x = self.out(x)', 'x = torch.tanh(x)', 'return x[:, 0]  # 8 is the line'),
    '        x = self.out(x)\n        return x[:, 0]',
  ],
  [
    'a module in a field, that hidden layers use as well',
    'unbounded',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        self.act = nn.Tanh()  # here\n        self.out = nn.Linear(8, 1)\n    def forward(self, x):\n        h = self.act(self.fc(x))\n        return self.act(self.out(h))\n`,
    '        h = self.act(self.fc(x))\n        return self.out(h)\n',
  ],
  [
    'answers that forward collects',
    'unbounded',
    'a.py',
    pythonModel(
      'outputs = []',
      'for t in range(9):',
      '    h = torch.tanh(self.cell(x[:, t]))',
      '    outputs.append(torch.tanh(self.out(h)))  # here',
      'return torch.stack(outputs, 1)',
    ),
    '            outputs.append(self.out(h))  # here\n',
  ],
  [
    'the only function that bounds, where the finding names the loss',
    'unbounded',
    'a.ts',
    `${model('return this.out(x.tanh()).sigmoid();')}const m = new M();\nconst loss = F.mseLoss(m(x), y); // here\n`,
    'return this.out(x.tanh());\n',
  ],
  [
    'what the loss is given',
    'unbounded',
    'a.ts',
    `${TS}const loss = F.mseLoss(model(x).sigmoid().reshape([64, 1]), y); // here\n`,
    'F.mseLoss(model(x).reshape([64, 1]), y); // here\n',
  ],
];

makes('answers that an activation bounds', bounded);

const open: readonly Refused[] = [
  [
    'what a block gives',
    'unbounded',
    'a.ts',
    `${model('return this.out(x).relu();')}const m = new nn.Sequential(new M(), new M(), new nn.Linear(8, 1));\nconst loss = F.mseLoss(m(x), y); // here\n`,
    /no activation at the end/,
  ],
  [
    'a hidden activation',
    'unbounded',
    'a.ts',
    model('const h = this.fc(x).tanh(); // here', 'return this.out(h);'),
    /no activation at the end/,
  ],
  [
    'an activation that a loop makes',
    'unbounded',
    'a.py',
    `${PY}layers = []\nfor a, b in sizes:\n    layers.append(nn.Linear(a, b))\n    layers.append(nn.Tanh())  # here\n`,
    /no activation at the end/,
  ],
];

refuses('answers that an activation bounds', open);
