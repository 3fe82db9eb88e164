import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'too much momentum',
    'momentum',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), lr=1, momentum=0.999)\n`,
    'lr=1, momentum=0.9)\n',
  ],
  [
    'an epsilon that outweighs gradients',
    'epsilon',
    'a.ts',
    `${TS}const opt = new optim.Adam(model.parameters(), { lr: 1e-3, eps: 1000 });\n`,
    '{ lr: 1e-3, eps: 1e-8 })',
  ],
  [
    'an adaptive optimizer’s rate goes to where such rates are',
    'learning-rate',
    'a.py',
    `${PY}opt = torch.optim.Adam(model.parameters(), lr=0.9)  # bold\n`,
    'torch.optim.Adam(model.parameters(), lr=0.0009)  # bold\n',
  ],
  [
    'an adaptive optimizer’s rate goes to where such rates are',
    'raise-learning-rate',
    'a.ts',
    `${TS}const opt = new optim.Adam(model.parameters(), { lr: 1e-7 });\n`,
    '{ lr: 1e-3 }',
  ],
  [
    'a rate that is still low when it is raised',
    'raise-learning-rate-further',
    'a.ts',
    `${TS}const opt = new optim.Adam(model.parameters(), { lr: 1e-7 });\n`,
    '{ lr: 1e-2 }',
  ],
  [
    'a rate in a variable',
    'learning-rate',
    'a.ts',
    `${TS}const lr = 1e-1; // fast\nconst opt = new optim.SGD(model.parameters(), { lr, momentum: 0.9 });\n`,
    'const lr = 1e-2; // fast\n',
  ],
  [
    'a rate by position',
    'learning-rate',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), 0.5, momentum=0.9)\n`,
    'torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)\n',
  ],
];

makes('the optimizer and its rate', made);

const refused: readonly Refused[] = [
  ['a rate from the command line', 'learning-rate', 'a.py', `${PY}o = torch.optim.SGD(p, lr=args.lr)\n`, /not written/],
  [
    'two optimizers',
    'learning-rate',
    'a.py',
    `${PY}a = torch.optim.SGD(p, lr=1)\nb = torch.optim.SGD(q, lr=1)\n`,
    /several/,
  ],
  [
    'a schedule',
    'warm-up',
    'a.py',
    `${PY}o = torch.optim.SGD(p, lr=1)\ns = StepLR(o, 5)\no.step()\n`,
    /schedule already/,
  ],
  ['no momentum', 'momentum', 'a.py', `${PY}o = torch.optim.SGD(p, lr=1)\n`, /no momentum/],
];

refuses('the optimizer and its rate', refused);
