import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'Adam for gradient descent',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });\n`,
    'new optim.Adam(model.parameters(), { lr: 0.001 });\n',
  ],
  [
    'Adam for gradient descent with all its options',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { momentum: 0.9, nesterov: true, lr: 1e-5, weightDecay: 1e-4, dampening: 0 });\n`,
    'new optim.Adam(model.parameters(), { lr: 1e-3, weightDecay: 1e-4 });\n',
  ],
  [
    'Adam for gradient descent with options on lines of their own',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), {\n  lr: 1e-5,\n  momentum: 0.9, // as usual\n  nesterov: true,\n  weightDecay: 1e-4,\n});\n`,
    'new optim.Adam(model.parameters(), {\n  lr: 1e-3, // as usual\n  weightDecay: 1e-4,\n});\n',
  ],
  [
    'Adam for gradient descent at its usual rate',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { momentum: 0.9, nesterov: true });\n`,
    'new optim.Adam(model.parameters());\n',
  ],
  [
    'Adam for gradient descent, its rate in a variable',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const lr = 0.5;\nconst opt = new optim.SGD(model.parameters(), { lr, momentum: 0.9 });\n`,
    'const lr = 0.001;\nconst opt = new optim.Adam(model.parameters(), { lr });\n',
  ],
  [
    'Adam for gradient descent',
    'adaptive-optimizer',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), lr=1e-5, momentum=0.9, nesterov=True, weight_decay=1e-4)\n`,
    'opt = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)\n',
  ],
  [
    'Adam for gradient descent by position, beside a schedule',
    'adaptive-optimizer',
    'a.py',
    `${PY}from torch import optim\nopt = optim.SGD(model.parameters(), 0.5, 0.9, weight_decay=1e-4)\nschedule = optim.lr_scheduler.StepLR(opt, 5)\n`,
    'opt = optim.Adam(model.parameters(), 0.001, weight_decay=1e-4)\nschedule = optim.lr_scheduler.StepLR(opt, 5)\n',
  ],
  [
    'Adam for gradient descent that is imported by its own name',
    'adaptive-optimizer',
    'a.py',
    `${PY}from torch.optim import SGD, lr_scheduler\nopt = SGD(model.parameters(), lr=0.1)\n`,
    'from torch.optim import Adam, lr_scheduler\nopt = Adam(model.parameters(), lr=0.001)\n',
  ],
  [
    'Adam for gradient descent whose name is used elsewhere',
    'adaptive-optimizer',
    'a.py',
    `${PY}from torch.optim import SGD\nopt = SGD(model.parameters(), lr=0.1)\nassert not isinstance(opt, SGD)\n`,
    'from torch.optim import SGD, Adam\nopt = Adam(model.parameters(), lr=0.001)\n',
  ],
  [
    'Adam for gradient descent beside Adam’s import',
    'adaptive-optimizer',
    'a.py',
    `${PY}from torch.optim import SGD, Adam\nopt = SGD(model.parameters(), lr=0.1)\n`,
    'from torch.optim import SGD, Adam\nopt = Adam(model.parameters(), lr=0.001)\n',
  ],
];

makes('the kind of optimizer', made);

const refused: readonly Refused[] = [
  [
    'Adam for what adapts already',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.RMSprop(model.parameters(), { lr: 0.01 });\n`,
    /this is RMSprop/,
  ],
  [
    'Adam for gradient descent of groups',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.SGD([{ params: a.parameters(), lr: 0.1 }, { params: b.parameters() }], { lr: 1 });\n`,
    /rates of their own/,
  ],
  [
    'Adam for gradient descent of groups',
    'adaptive-optimizer',
    'a.py',
    `${PY}opt = torch.optim.SGD([{"params": a.parameters(), "lr": 0.1}], lr=1)\n`,
    /rates of their own/,
  ],
  [
    'Adam for gradient descent with options elsewhere',
    'adaptive-optimizer',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), **options)\n`,
    /put together elsewhere/,
  ],
  [
    'Adam for gradient descent with options elsewhere',
    'adaptive-optimizer',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1, ...options });\n`,
    /put together elsewhere/,
  ],
  [
    'Adam for gradient descent that is imported in another way',
    'adaptive-optimizer',
    'a.py',
    `${PY}from torch.optim import *\nopt = SGD(model.parameters(), lr=0.1)\n`,
    /not clear/,
  ],
  [
    'Adam for gradient descent by positions',
    'adaptive-optimizer',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), 0.1, 0.9, 0, 1e-4)\n`,
    /by their positions/,
  ],
];

refuses('the kind of optimizer', refused);
