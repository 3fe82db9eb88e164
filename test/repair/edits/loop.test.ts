import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

const made: readonly Made[] = [
  [
    'clip before the step of an accumulation',
    'clip',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), 0.1)
for i, (x, y) in enumerate(loader):
\tloss(model(x), y).backward()
\tif (i + 1) % 4 == 0:
\t\topt.step()
\t\topt.zero_grad()
`,
    '\tif (i + 1) % 4 == 0:\n\t\tnn.utils.clip_grad_norm_(model.parameters(), 1.0)\n\t\topt.step()\n',
  ],
  [
    'clip on a line of several statements',
    'clip',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters());\nfor (;;) { loss.backward(); opt.step(); }\n`,
    'for (;;) { loss.backward(); nn.utils.clipGradNorm_(model.parameters(), 1.0); opt.step(); }\n',
  ],
  [
    'clip in a function that is given the optimizer',
    'clip',
    'a.py',
    'import torch\n\ndef fit(net, optimizer):\n    net(x).backward()\n    optimizer.step()\n',
    '    torch.nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)\n    optimizer.step()\n',
  ],
  [
    'clip within a closure',
    'clip',
    'a.ts',
    `${TS}const opt = new optim.LBFGS(model.parameters());
opt.step(() => {
  opt.zeroGrad();
  const l = loss();
  l.backward();
  return l;
});
`,
    '  l.backward();\n  nn.utils.clipGradNorm_(model.parameters(), 1.0);\n  return l;\n',
  ],
  [
    'an import that is missing',
    'clip',
    'a.ts',
    "import { optim } from 'gradlens'\nconst o = new optim.Adam(model.parameters())\nl.backward()\no.step()\n",
    "import { optim, nn } from 'gradlens'\nconst o = new optim.Adam(model.parameters())\nl.backward()\nnn.utils.clipGradNorm_(model.parameters(), 1.0)\no.step()\n",
  ],
  [
    'a renamed import',
    'clip',
    'a.ts',
    "import { nn as N, optim } from 'gradlens';\nconst o = new optim.Adam(m.parameters());\nl.backward();\no.step();\n",
    'N.utils.clipGradNorm_(m.parameters(), 1.0);\n',
  ],
  [
    'clip in another class than the one with the optimizer’s parameters',
    'clip',
    'a.ts',
    `${TS}class Owner {
  model = new nn.Linear(2, 1);
  optimizer = new optim.SGD(this.model.parameters(), { lr: 0.1 });
}
class Loop {
  constructor(readonly optimizer: optim.SGD) {}
  step() {
    this.optimizer.step();
  }
}
`,
    '    nn.utils.clipGradNorm_(this.optimizer.paramGroups.flatMap((group) => group.params), 1.0);\n    this.optimizer.step();\n',
  ],
  [
    'clip where another model has the name',
    'clip',
    'a.py',
    `${PY}optimizer = torch.optim.SGD(model.parameters(), 0.1)

def fit():
    model = Other()
    optimizer.step()
`,
    '    nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 1.0)\n    optimizer.step()\n',
  ],
  [
    'an update in a function that is handed the optimizer',
    'update',
    'a.py',
    `${PY}def main():
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    fit(model, optimizer)

def fit(model, optimizer):
    loss = model(x).sum()
    loss.backward()
`,
    '    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n',
  ],
  [
    'an update that is nowhere',
    'update',
    'a.py',
    `${PY}opt = torch.optim.Adam(model.parameters())
for x in data:
    opt.zero_grad()
    model(x).sum().backward()
    total += 1
`,
    '    model(x).sum().backward()\n    opt.step()\n    total += 1\n',
  ],
  [
    'an update of a field, and zeroing, which are nowhere',
    'update',
    'a.ts',
    `${TS}class Trainer {
  optimizer = new optim.SGD(model.parameters());
  train(x) {
    loss(model(x)).backward();
  }
}
`,
    '    this.optimizer.zeroGrad();\n    loss(model(x)).backward();\n    this.optimizer.step();\n  }\n',
  ],
  [
    'zeroing before the backward pass',
    'zero-grad',
    'a.py',
    `${PY}opt = torch.optim.Adam(model.parameters())
for x in data:
    l = model(x).sum()  # loss
    l.backward()
    opt.step()
`,
    '    l = model(x).sum()  # loss\n    opt.zero_grad()\n    l.backward()\n',
  ],
  [
    'zeroing after the step of an accumulation',
    'zero-grad',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1 });
for (let i = 0; ; i++) {
  loss().backward();
  if (i % 4 === 3) {
    opt.step();
  }
}
`,
    '    opt.step();\n    opt.zeroGrad();\n',
  ],
  [
    'zeroing that takes what the step needs',
    'zero-grad',
    'a.py',
    `${PY}opt = torch.optim.Adam(model.parameters())
for x in data:
    l = model(x).sum()
    l.backward()
    opt.zero_grad()
    opt.step()
`,
    '    l = model(x).sum()\n    opt.zero_grad()\n    l.backward()\n    opt.step()\n',
  ],
  [
    'zeroing of the model, misplaced',
    'zero-grad',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1 });
for (;;) {
  loss().backward();
  model.zeroGrad();
  opt.step();
}
`,
    'for (;;) {\n  model.zeroGrad();\n  loss().backward();\n  opt.step();\n}\n',
  ],
  [
    'a norm that every gradient is cut to',
    'clip-less',
    'a.py',
    `${PY}nn.utils.clip_grad_norm_(model.parameters(), max_norm=1e-5)  # safe\n`,
    'nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)  # safe\n',
  ],
];

makes('the training loop', made);

const refused: readonly Refused[] = [
  ['no optimizer', 'clip', 'a.ts', `${TS}w.backward();\n`, /no call of an optimizer’s step/],
  ['clipped already', 'clip', 'a.py', `${PY}clip_grad_norm_(p, 1)\noptimizer.step()\n`, /already/],
  ['a gradient scaler', 'clip', 'a.py', `${PY}s = GradScaler()\noptimizer.step()\n`, /scaler/],
  ['zeroed already', 'zero-grad', 'a.py', `${PY}optimizer.zero_grad(True)\noptimizer.step()\n`, /already/],
  [
    'a mean of several passes',
    'zero-grad',
    'a.ts',
    `${TS}const o = new optim.SGD(p);\nl.backward();\no.step();\no.zeroGrad();\n`,
    /already/,
  ],
  [
    'an update that the run never came to',
    'update',
    'a.py',
    `${PY}o = optim.SGD(p)\nl.backward()\nif late:\n    o.step()\n`,
    /never came there/,
  ],
  [
    'an update by an optimizer of another function',
    'update',
    'a.py',
    `${PY}def make():\n    o = optim.SGD(p)\n    return o\n\nl.backward()\n`,
    /handed on/,
  ],
  ['errors of syntax', 'clip', 'a.ts', `${TS}const o = new optim.SGD(p);\no.step();\nif (\n`, /syntax/],
];

refuses('the training loop', refused);
