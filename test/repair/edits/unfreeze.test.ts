import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const SGD = 'const opt = new optim.SGD(model.parameters(), { lr: 1 });\n';
const PYTHON_SGD = 'opt = torch.optim.SGD(model.parameters(), lr=1)\n';

const made: readonly Made[] = [
  [
    'a layer',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nmodel.features.requiresGrad_(false); // kept\n${SGD}`.replace(' // kept', ''),
    `const model = new M();\n${SGD}`,
  ],
  [
    'a layer',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nmodel.features.requires_grad_(False)\n${PYTHON_SGD}`,
    `model = M()\n${PYTHON_SGD}`,
  ],
  [
    'every parameter, in a loop',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nfor (const p of model.parameters().slice(0, -2)) p.requiresGrad_(false);\n${SGD}`,
    `const model = new M();\n${SGD}`,
  ],
  [
    'every parameter, in a loop over lines',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nfor (const [name, p] of model.namedParameters()) {\n  if (!name.startsWith('head')) {\n    p.requiresGrad = false;\n  }\n}\n${SGD}`,
    `const model = new M();\n${SGD}`,
  ],
  [
    'every parameter, by forEach',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nmodel.parameters().forEach((p) => p.requiresGrad_(false));\nmodel.parameters().forEach((p) => {\n  p.requiresGrad_(false);\n});\n${SGD}`,
    `const model = new M();\n${SGD}`,
  ],
  [
    'every parameter, in a loop',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nfor p in model.parameters():\n    p.requires_grad = False\n${PYTHON_SGD}`,
    `model = M()\n${PYTHON_SGD}`,
  ],
  [
    'by name, in a loop',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nfor name, p in model.named_parameters():\n    if "head" not in name:\n        # the others are good\n        p.requires_grad_(False)\n${PYTHON_SGD}`,
    `model = M()\n${PYTHON_SGD}`,
  ],
  [
    'by a condition that is assigned',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nfor name, p in model.named_parameters():\n    p.requires_grad = name.startswith("head")\n    print(name, p.shape)\n${PYTHON_SGD}`,
    `model = M()\nfor name, p in model.named_parameters():\n    print(name, p.shape)\n${PYTHON_SGD}`,
  ],
  [
    'in a list that is made for nothing else',
    'unfreeze',
    'a.py',
    `${PY}model = M()\n[p.requires_grad_(False) for p in model.parameters()]\n${PYTHON_SGD}`,
    `model = M()\n${PYTHON_SGD}`,
  ],
  [
    'where a layer is made',
    'unfreeze',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.features = nn.Sequential(nn.Linear(2, 8), nn.ReLU()).requires_grad_(False)\n        self.head = nn.Linear(8, 1)\nmodel = M()\n${PYTHON_SGD}`,
    '        self.features = nn.Sequential(nn.Linear(2, 8), nn.ReLU())\n        self.head',
  ],
  [
    'where weights are scaled as well',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nfor (const p of model.parameters()) noGrad(() => p.mul_(0.1)).requiresGrad_(false);\n${SGD}`,
    'for (const p of model.parameters()) noGrad(() => p.mul_(0.1));\n',
  ],
  [
    'by a condition that is handed on',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nfor (const p of model.parameters()) p.requiresGrad_(p.shape.length === 1);\n${SGD}`,
    `const model = new M();\n${SGD}`,
  ],
  [
    'by a function',
    'unfreeze',
    'a.py',
    `${PY}def freeze(module):\n    for p in module.parameters():\n        p.requires_grad = False\n\nmodel = M()\nfreeze(model.features)\n${PYTHON_SGD}`,
    `model = M()\n${PYTHON_SGD}`,
  ],
  [
    'by a function in a variable',
    'unfreeze',
    'a.ts',
    `${TS}const freeze = (module) => {\n  for (const p of module.parameters()) p.requiresGrad_(false);\n};\nconst model = new M();\nfreeze(model.features);\n${SGD}`,
    `gradlens';\nconst model = new M();\n${SGD}`,
  ],
  [
    'a part of a model of which the optimizer has the other',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nfor p in model.features.parameters():\n    p.requires_grad = False\nopt = torch.optim.SGD(model.head.parameters(), lr=1)\n`,
    'model = M()\nopt = torch.optim.SGD(model.parameters(), lr=1)\n',
  ],
  [
    'the model, not its teacher',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nteacher = M()\nteacher.requires_grad_(False)\nmodel.features.requires_grad_(False)\n${PYTHON_SGD}`,
    `teacher = M()\nteacher.requires_grad_(False)\n${PYTHON_SGD}`,
  ],
];

makes('what is frozen', made);

const refused: readonly Refused[] = [
  ['nothing frozen', 'unfreeze', 'a.py', `${PY}model = M()\n${PYTHON_SGD}`, /nothing in the text freezes/],
  [
    'a teacher',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nconst teacher = new M();\nteacher.requiresGrad_(false);\n${SGD}`,
    /other layers/,
  ],
  [
    'one of two ways',
    'unfreeze',
    'a.py',
    `${PY}model = M()\nfor name, p in model.named_parameters():\n    if "head" in name:\n        p.requires_grad = False\n    else:\n        print(name)\n${PYTHON_SGD}`,
    /an else/,
  ],
  [
    'one of two ways, without brackets',
    'unfreeze',
    'a.ts',
    `${TS}const model = new M();\nfor (const [name, p] of model.namedParameters())\n  if (name === 'head') p.requiresGrad_(false);\n  else print(name);\n${SGD}`,
    /an else/,
  ],
  [
    'what a function is told',
    'unfreeze',
    'a.py',
    `${PY}def trainable(module, flag):\n    for p in module.parameters():\n        p.requires_grad_(flag)\nmodel = M()\ntrainable(model, False)\n`,
    /nothing in the text freezes/,
  ],
  [
    'players that are frozen in turn',
    'unfreeze',
    'a.py',
    `${PY}critic = M()\nopt = torch.optim.SGD(critic.parameters(), lr=1)\nfor step in range(9):\n    for p in critic.parameters():\n        p.requires_grad = False\n    train(critic)\n    for p in critic.parameters():\n        p.requires_grad = True\n`,
    /for a time only/,
  ],
];

refuses('what is frozen', refused);
