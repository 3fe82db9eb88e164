import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'columns divided by their own deviation',
    'divisor',
    'a.ts',
    `${TS}const x = raw.sub(raw.mean(0)).div(raw.std(0));\n`,
    'const x = raw.sub(raw.mean(0)).div(raw.std(0).add(1e-8));\n',
  ],
  [
    'columns divided by their own deviation',
    'divisor',
    'a.py',
    `${PY}x = (raw - raw.mean(0)) / raw.std(0)\n`,
    'x = (raw - raw.mean(0)) / (raw.std(0) + 1e-8)\n',
  ],
  [
    'divided by a deviation in a variable, in another function too',
    'divisor',
    'a.ts',
    `${TS}const [mean, std] = [x.mean(0), x.std(0)];\nconst scale = (t) => t.sub(mean).div(std);\n`,
    'const scale = (t) => t.sub(mean).div(std.add(1e-8));\n',
  ],
  [
    'divided by a deviation in a variable',
    'divisor',
    'a.py',
    `${PY}mean, std = x.mean(0), x.std(0, keepdim=True)\ntrain = (x - mean).div(std)\ntest = (z - mean) / std\n`,
    'train = (x - mean).div(std + 1e-8)\ntest = (z - mean) / (std + 1e-8)\n',
  ],
  [
    'divided by a deviation in a field, in place',
    'divisor',
    'a.py',
    `${PY}class Scaler:\n    def fit(self, x):\n        self.std = x.std(0).unsqueeze(0)\n    def scale(self, x):\n        x /= self.std\n`,
    '        x /= self.std + 1e-8\n',
  ],
  [
    'divided by a deviation that gets another shape',
    'divisor',
    'a.py',
    `${PY}std = torch.std(x, dim=0)\nstd = std.view(1, -1)\nx = torch.div(x, std)\n`,
    'x = torch.div(x, std + 1e-8)\n',
  ],
  [
    'divided by a deviation that is a number',
    'divisor',
    'a.ts',
    `${TS}const std = x.std().item();\nconst y = x.div(std);\n`,
    'const y = x.div(std + 1e-8);\n',
  ],
  [
    'divided by a deviation, in place',
    'divisor',
    'a.ts',
    `${TS}x.sub_(x.mean(0)).div_(x.std(0, { keepdim: true }));\n`,
    'div_(x.std(0, { keepdim: true }).add(1e-8));\n',
  ],
  [
    'divided by the root of a variance',
    'divisor',
    'a.py',
    `${PY}x = (x - x.mean(0)) / torch.sqrt(x.var(0))\n`,
    '/ (torch.sqrt(x.var(0)) + 1e-8)\n',
  ],
  [
    'divided by a range',
    'divisor',
    'a.ts',
    `${TS}const x = raw.sub(raw.amin(0)).div(raw.amax(0).sub(raw.amin(0)));\n`,
    'div(raw.amax(0).sub(raw.amin(0)).add(1e-8));\n',
  ],
  [
    'divided by a range',
    'divisor',
    'a.py',
    `${PY}x = (raw - raw.min()) / (raw.max() - raw.min())\n`,
    'x = (raw - raw.min()) / (raw.max() - raw.min() + 1e-8)\n',
  ],
];

makes('what data are divided by', made);

const refused: readonly Refused[] = [
  ['divided by nothing but a number', 'divisor', 'a.py', `${PY}x = raw / 16\n`, /nothing is divided by a deviation/],
  [
    'divided by a deviation and a small number',
    'divisor',
    'a.ts',
    `${TS}const x = raw.div(raw.std(0).add(1e-6));\n`,
    /away from 0 already/,
  ],
  [
    'divided by a deviation that is clamped',
    'divisor',
    'a.py',
    `${PY}std = x.std(0).clamp(min=1e-6)\nx = x / std\n`,
    /away from 0 already/,
  ],
  [
    'divided by a deviation that is the larger one',
    'divisor',
    'a.py',
    `${PY}x = x / torch.maximum(x.std(0), eps)\n`,
    /away from 0 already/,
  ],
  [
    'divided by a deviation whose zeros are mended',
    'divisor',
    'a.py',
    `${PY}std = x.std(0)\nstd[std == 0] = 1\nx = x / std\n`,
    /away from 0 already/,
  ],
  [
    'divided by what is given another shape alone',
    'divisor',
    'a.ts',
    `${TS}function f(x, d) {\n  d = d.view(1);\n  return x.div(d);\n}\n`,
    /nothing is divided/,
  ],
  [
    'divided by what is no range',
    'divisor',
    'a.py',
    `${PY}x = x / (x.max() * x.min())\n`,
    /nothing is divided by a deviation/,
  ],
];

refuses('what data are divided by', refused);
