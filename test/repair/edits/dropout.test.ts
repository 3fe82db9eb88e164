import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const pythonModel = (...forward: string[]) =>
  `${PY}class M(nn.Module):\n    def __init__(self):\n        self.out = nn.Linear(8, 1)\n    def forward(self, x):\n        ${forward.join('\n        ')}\n`;

const drops: readonly Made[] = [
  [
    'layers that drop nearly everything',
    'dropout',
    'a.ts',
    `${TS}const model = new nn.Sequential(\n  new nn.Linear(8, 32),\n  new nn.Dropout(0.95), // strong\n  new nn.Dropout({ p: 0.3 }),\n  new nn.Linear(32, 1),\n);\n`,
    '  new nn.Dropout(0.2), // strong\n  new nn.Dropout({ p: 0.3 }),\n',
  ],
  [
    'layers that drop nearly everything',
    'dropout',
    'a.py',
    `${PY}m = nn.Sequential(nn.Linear(8, 32), nn.Dropout(p=0.9), nn.Conv2d(1, 2, 3), nn.Dropout2d(0.95))\n`,
    'nn.Dropout(p=0.2), nn.Conv2d(1, 2, 3), nn.Dropout2d(0.2))\n',
  ],
  [
    'a function that drops nearly everything',
    'dropout',
    'a.py',
    pythonModel('x = F.dropout(x, 0.97, self.training)', 'x = F.dropout(x, p=0.9)', 'return self.out(x)'),
    '        x = F.dropout(x, 0.2, self.training)\n        x = F.dropout(x, p=0.2)\n',
  ],
  [
    'a share in a variable',
    'dropout',
    'a.ts',
    `${TS}const p = 0.95; // much\nconst model = new nn.Sequential(new nn.Linear(8, 32), new nn.Dropout(p), new nn.Linear(32, 8), new nn.Dropout(p));\n`,
    'const p = 0.2; // much\n',
  ],
  [
    'a share by default',
    'dropout',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self, width=32, p=0.95):\n        self.drop = nn.Dropout(p)\nmodel = M()\n`,
    '    def __init__(self, width=32, p=0.2):\n',
  ],
  [
    'the share of a recurrence',
    'dropout',
    'a.py',
    `${PY}rnn = nn.LSTM(8, 16, num_layers=2, dropout=0.95)\n`,
    'nn.LSTM(8, 16, num_layers=2, dropout=0.2)\n',
  ],
];

makes('dropout', drops);

const usual: readonly Refused[] = [
  ['a usual share', 'dropout', 'a.py', `${PY}nn.Dropout(0.5)\n`, /no dropout of more/],
  ['a share that is no number', 'dropout', 'a.ts', `${TS}new nn.Dropout(1 - kept);\n`, /no dropout of more/],
];

refuses('dropout', usual);
