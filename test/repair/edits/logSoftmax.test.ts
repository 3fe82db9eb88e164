import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const pythonModel = (...forward: string[]) =>
  `${PY}class M(nn.Module):\n    def __init__(self):\n        self.out = nn.Linear(8, 1)\n    def forward(self, x):\n        ${forward.join('\n        ')}\n`;

const logarithms: readonly Made[] = [
  [
    'probabilities',
    'log-softmax',
    'a.ts',
    `${TS}const loss = F.nllLoss(model(x).softmax(1), y); // here\nconst held = F.nllLoss(model(z).softmax(1), v);\nconst p = model(x).softmax(1);\n`,
    'F.nllLoss(model(x).logSoftmax(1), y); // here\nconst held = F.nllLoss(model(z).logSoftmax(1), v);\nconst p = model(x).softmax(1);\n',
  ],
  [
    'probabilities',
    'log-softmax',
    'a.py',
    `${PY}loss = F.nll_loss(F.softmax(model(x), dim=1), y)  # here\n`,
    'loss = F.nll_loss(F.log_softmax(model(x), dim=1), y)  # here\n',
  ],
  [
    'probabilities in a variable',
    'log-softmax',
    'a.py',
    `${PY}probs = torch.softmax(model(x), 1)\nloss = criterion(probs, y)\n`,
    'probs = torch.log_softmax(model(x), 1)\n',
  ],
  [
    'probabilities that forward returns',
    'log-softmax',
    'a.py',
    pythonModel('return F.softmax(self.out(x), dim=1)'),
    '        return F.log_softmax(self.out(x), dim=1)\n',
  ],
  [
    'probabilities at the end of a sequence',
    'log-softmax',
    'a.ts',
    `${TS}const model = new nn.Sequential(\n  new nn.Linear(2, 3),\n  new nn.Softmax(1),\n);\n`,
    '  new nn.LogSoftmax(1),\n);\n',
  ],
  [
    'probabilities of a module that is imported by its own name',
    'log-softmax',
    'a.py',
    `${PY}from torch.nn import Linear, Sequential, Softmax\nmodel = Sequential(Linear(2, 3), Softmax(dim=1))\n`,
    'model = Sequential(Linear(2, 3), nn.LogSoftmax(dim=1))\n',
  ],
  [
    'scores',
    'log-softmax',
    'a.ts',
    `${TS}const loss = F.nllLoss(model(x), y); // here\nconst held = F.nllLoss(model(z), v);\n`,
    'F.crossEntropy(model(x), y); // here\nconst held = F.crossEntropy(model(z), v);\n',
  ],
  [
    'scores',
    'log-softmax',
    'a.py',
    `${PY}criterion = nn.NLLLoss(reduction="sum")\nfor x, y in data:\n    loss = criterion(model(x), y)  # here\n`,
    'criterion = nn.CrossEntropyLoss(reduction="sum")\n',
  ],
  [
    'scores, beside logarithms that are right',
    'log-softmax',
    'a.py',
    `${PY}loss = F.nll_loss(model(x), y)  # here\nother = F.nll_loss(F.log_softmax(old(x), 1), y)\n`,
    'loss = F.cross_entropy(model(x), y)  # here\nother = F.nll_loss(F.log_softmax(old(x), 1), y)\n',
  ],
  [
    'a softmax over samples',
    'softmax-axis',
    'a.ts',
    `${TS}const loss = F.nllLoss(model(x).logSoftmax(0), y); // here\n`,
    'model(x).logSoftmax(1), y)',
  ],
  [
    'a softmax over samples, as a function',
    'softmax-axis',
    'a.ts',
    `${TS}const loss = F.nllLoss(F.logSoftmax(model(x), 0), y); // here\n`,
    'F.logSoftmax(model(x), 1), y)',
  ],
  [
    'a softmax over samples, in forward',
    'softmax-axis',
    'a.py',
    pythonModel('a = q.softmax(0)', 'return F.log_softmax(self.out(x), dim=0)'),
    '        a = q.softmax(0)\n        return F.log_softmax(self.out(x), dim=1)\n',
  ],
  [
    'a softmax over samples, in a sequence',
    'softmax-axis',
    'a.py',
    `${PY}model = nn.Sequential(nn.Linear(2, 3), nn.LogSoftmax(dim=-2))\n`,
    'nn.LogSoftmax(dim=1))\n',
  ],
];

makes('probabilities and their logarithms', logarithms);

const right: readonly Refused[] = [
  ['no softmax', 'log-softmax', 'a.py', `${PY}loss = F.nll_loss(model(x), y)  # here\n`, /no softmax/],
  ['scores, and no likelihood', 'log-softmax', 'a.py', `${PY}loss = loss_of(model(x), y)  # here\n`, /no negative log/],
  ['a softmax over classes', 'softmax-axis', 'a.ts', `${TS}model(x).logSoftmax(1); // here\n`, /no softmax over/],
];

refuses('probabilities and their logarithms', right);
