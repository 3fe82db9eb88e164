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
    'an adaptive optimizer’s rate goes less far',
    'learning-rate-further',
    'a.py',
    `${PY}opt = torch.optim.Adam(model.parameters(), lr=0.5)\n`,
    'torch.optim.Adam(model.parameters(), lr=0.005)\n',
  ],
  [
    'a rate of gradient descent goes further',
    'learning-rate-further',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), lr=5.0)\n`,
    'torch.optim.SGD(model.parameters(), lr=0.05)\n',
  ],
  [
    'a rate of gradient descent that is thousands of times too high',
    'learning-rate-furthest',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), lr=5.0)\n`,
    'torch.optim.SGD(model.parameters(), lr=0.005)\n',
  ],
  [
    'a rate of gradient descent that is thousands of times too high',
    'learning-rate-furthest',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { lr: 20 });\n`,
    '{ lr: 0.02 }',
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
  [
    'a rate of the command line',
    'learning-rate',
    'a.py',
    `${PY}parser.add_argument("--lr", "-l", type=float, default=1.0, help="rate")\nargs = parser.parse_args()\nopt = torch.optim.SGD(model.parameters(), lr=args.lr)\n`,
    'type=float, default=0.1, help="rate")\n',
  ],
  [
    'a rate in a dictionary',
    'learning-rate',
    'a.py',
    `${PY}config = {"lr": 1e-1, "momentum": 0.9}\nopt = torch.optim.SGD(model.parameters(), lr=config["lr"])\n`,
    'config = {"lr": 1e-2, "momentum": 0.9}\n',
  ],
  [
    'a rate in an object',
    'learning-rate',
    'a.ts',
    `${TS}const config = { steps: 20, lr: 0.5 };\nconst opt = new optim.SGD(model.parameters(), { lr: config.lr });\n`,
    'const config = { steps: 20, lr: 0.05 };\n',
  ],
  [
    'a rate in a class of settings',
    'learning-rate',
    'a.py',
    `${PY}@dataclass\nclass Settings:\n    lr: float = 0.5\n\nsettings = Settings()\nopt = torch.optim.SGD(model.parameters(), lr=settings.lr)\n`,
    '    lr: float = 0.05\n',
  ],
  [
    'a rate in a field',
    'learning-rate',
    'a.py',
    `${PY}class Trainer:\n    def __init__(self, model, lr=0.5):\n        self.lr = lr\n        self.opt = torch.optim.SGD(model.parameters(), lr=self.lr)\n\nTrainer(model)\n`,
    '    def __init__(self, model, lr=0.05):\n',
  ],
  [
    'a rate that a function is called with',
    'learning-rate',
    'a.ts',
    `${TS}function train(steps: number, lr = 0.5) {\n  const opt = new optim.SGD(model.parameters(), { lr });\n}\ntrain(10, 0.3);\n`,
    'train(10, 0.03);\n',
  ],
  [
    'a schedule on a line of several statements',
    'warm-up',
    'a.mjs',
    `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1 })\nfor (;;) {\n  l.backward(); opt.step()\n}\n`.replaceAll(
      ';\n',
      '\n',
    ),
    '  l.backward(); opt.step(); warmup.step()\n',
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
  [
    'a rate that several calls give',
    'learning-rate',
    'a.py',
    `${PY}def train(lr):\n    opt = torch.optim.SGD(p, lr=lr)\n\ntrain(0.1)\ntrain(0.2)\n`,
    /not written as a number/,
  ],
];

refuses('the optimizer and its rate', refused);
