import { type Made, makes, PY, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'the last layer, by its name',
    'last-layer',
    'a.ts',
    `${TS}const model = new M();\nconst opt = new optim.SGD(model.parameters(), { lr: 1 });\n`,
    "for (const [name, weight] of model.namedParameters()) {\n  if (name === 'cell.weight') nn.init.normal_(weight, { std: 0.01 });\n}\nconst opt",
  ],
  [
    'the last layer, by its name',
    'last-layer',
    'a.py',
    `${PY}model = M()\nopt = torch.optim.SGD(model.parameters(), lr=1)\n`,
    "for name, weight in model.named_parameters():\n    if name == 'cell.weight':\n        nn.init.normal_(weight, std=0.01)\nopt",
  ],
  [
    'weights beside loops over parameters that train, or keep an average',
    'initialization',
    'a.py',
    `${PY}nn.ReLU()\nlayer = nn.Linear(2, 2)\nnn.init.ones_(layer.weight)\nopt = torch.optim.SGD(layer.parameters(), lr=1)\nfor p in layer.parameters():\n    p.grad.zero_()\nfor p in average.parameters():\n    p.mul_(0.9)\n`,
    "nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')\nopt",
  ],
  [
    'every parameter the same: weights anew, biases 0',
    'initialization',
    'a.ts',
    `${TS}new nn.ReLU();\nfor (const p of model.parameters()) nn.init.constant_(p, 0.05);\n`,
    "for (const p of model.parameters()) if (p.dim() > 1) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' }); else nn.init.zeros_(p);\n",
  ],
  [
    'every parameter the same: weights anew, biases 0',
    'initialization',
    'a.py',
    `${PY}nn.Tanh()\nfor p in model.parameters():\n    nn.init.zeros_(p)  # quiet\n`,
    'for p in model.parameters():\n    if p.dim() > 1:\n        nn.init.xavier_uniform_(p)\n    else:\n        nn.init.zeros_(p)  # quiet\n',
  ],
  [
    'weights by name, those of normalizations as well',
    'initialization',
    'a.py',
    `${PY}nn.ReLU()\nnn.BatchNorm1d(8)\nfor n, p in model.named_parameters():\n    if "weight" in n:\n        nn.init.ones_(p)\n`,
    '        if p.dim() > 1:\n            nn.init.kaiming_normal_(p, nonlinearity="relu")\n',
  ],
  [
    'weights by name',
    'initialization',
    'a.ts',
    `${TS}new nn.ReLU();\nfor (const [name, p] of model.namedParameters()) if (name.endsWith('weight')) nn.init.ones_(p);\n`,
    "if (name.endsWith('weight')) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' });\n",
  ],
  [
    'biases that kill units',
    'initialization',
    'a.py',
    `${PY}nn.ReLU()\nnn.init.constant_(model[0].bias, -40)\n`,
    'nn.init.zeros_(model[0].bias)\n',
  ],
  [
    'biases that kill units, by name',
    'initialization',
    'a.ts',
    `${TS}new nn.ReLU();\nfor (const [name, p] of model.namedParameters()) if (/bias/.test(name)) nn.init.constant_(p, -40);\n`,
    'if (/bias/.test(name)) nn.init.zeros_(p);\n',
  ],
  [
    'weights that are initialized by hand',
    'orthogonal',
    'a.ts',
    `${TS}class R extends nn.Module {\n  constructor() {\n    super();\n    nn.init.normal_(this.cell.weight, { std: 2 }); // wild\n  }\n}\n`,
    '    nn.init.orthogonal_(this.cell.weight); // wild\n',
  ],
];

makes('initialization', made);
