import { describe, expect, test } from 'vitest';
import type { FindingId } from '../../engine/diagnose/finding.ts';
import { remedyFor } from '../../engine/repair/remedies.ts';
import { remedied } from './remedy.ts';

const TS = "import { nn, optim, F } from 'gradlens';\n";
const PY = 'import torch\nfrom torch import nn\n';

/** What a remedy makes of one passage: remedy, file, text, what stands there afterwards. */
const made: [what: string, id: string, file: string, text: string, after: string][] = [
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
    'a cell with gates',
    'gated-cell',
    'a.py',
    `${PY}r = nn.RNN(8, 16, batch_first=True)\n`,
    'r = nn.GRU(8, 16, batch_first=True)\n',
  ],
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
    'a norm that every gradient is cut to',
    'clip-less',
    'a.py',
    `${PY}nn.utils.clip_grad_norm_(model.parameters(), max_norm=1e-5)  # safe\n`,
    'nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)  # safe\n',
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
    'the softmax at the end of a sequence',
    'drop-softmax',
    'a.py',
    `${PY}model = nn.Sequential(\n    nn.Linear(2, 3),\n    nn.Softmax(dim=1),\n)\n`,
    'model = nn.Sequential(\n    nn.Linear(2, 3),\n)\n',
  ],
  [
    'a softmax between layers, but not the last',
    'activation',
    'a.py',
    `${PY}m = nn.Sequential(nn.Linear(2, 3), nn.Softmax(dim=1), nn.Linear(3, 3), nn.Softmax(dim=1))\no = torch.optim.SGD(m.parameters(), lr=1)\n`,
    'nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 3), nn.Softmax(dim=1))\n',
  ],
  [
    'the softmax that forward returns',
    'drop-softmax',
    'a.ts',
    `${TS}class M extends nn.Module {\n  forward(x) {\n    const a = this.q(x).softmax(-1).matmul(x);\n    return this.fc(a).softmax(1);\n  }\n}\n`,
    'softmax(-1).matmul(x);\n    return this.fc(a);\n',
  ],
  [
    'the softmax as a function',
    'drop-softmax',
    'a.py',
    `${PY}class M(nn.Module):\n    def forward(self, x):\n        return F.softmax(self.fc(x), dim=1)  # probabilities\n`,
    '        return self.fc(x)  # probabilities\n',
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
    'GroupNorm for BatchNorm',
    'group-norm',
    'a.py',
    `${PY}m = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16, momentum=0.01), nn.ReLU(), nn.BatchNorm2d(width))\n`,
    'nn.Conv2d(3, 16, 3), nn.GroupNorm(8, 16), nn.ReLU(), nn.GroupNorm(1, width))',
  ],
  [
    'layers in a plain list',
    'register',
    'a.py',
    `${PY}class M(nn.Module):\n    def __init__(self):\n        self.layers = [nn.Linear(2, 2) for _ in range(3)]\n`,
    'self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(3)])\n',
  ],
  [
    'a part of the model',
    'register',
    'a.ts',
    `${TS}class M extends nn.Module {}\nconst model = new M();\nconst o = new optim.SGD(model.head.parameters(), { lr: 1 });\n`,
    'new optim.SGD(model.parameters(), { lr: 1 })',
  ],
  [
    'a second model',
    'register',
    'a.py',
    `${PY}encoder = nn.Linear(2, 2)\nhead = nn.Linear(2, 1)\no = torch.optim.SGD(head.parameters(), lr=1)\n`,
    'torch.optim.SGD([*head.parameters(), *encoder.parameters()], lr=1)',
  ],
  [
    'parameters that were cut off',
    'register',
    'a.ts',
    `${TS}const model = new nn.Sequential(new nn.Linear(2, 1));\nconst o = new optim.SGD(model.parameters().slice(2), { lr: 1 });\n`,
    'new optim.SGD(model.parameters(), { lr: 1 })',
  ],
  [
    'parameters that were cut off',
    'register',
    'a.py',
    `${PY}o = torch.optim.SGD(list(model.parameters())[2:], lr=1)\n`,
    'torch.optim.SGD(model.parameters(), lr=1)',
  ],
  [
    'parameters that a condition leaves out',
    'register',
    'a.py',
    `${PY}o = torch.optim.SGD([p for n, p in model.named_parameters() if "head" in n], lr=1)\n`,
    'torch.optim.SGD(model.parameters(), lr=1)',
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
    'logarithms of a line',
    'guard',
    'a.py',
    `${PY}loss = -(y * p.log() + (1 - y) * torch.log(1 - p)).mean()\n`,
    'loss = -(y * p.clamp(min=1e-8).log() + (1 - y) * torch.log((1 - p).clamp(min=1e-8))).mean()\n',
  ],
  [
    'the input, once',
    'standardize',
    'a.ts',
    `${TS}const { x, y } = data.twoMoons(64);\nconst model = new nn.Sequential(new nn.Linear(2, 1));\nmodel(x);\n`,
    'const { x, y } = data.twoMoons(64);\nx.sub_(x.mean(0, { keepdim: true })).div_(x.std(0, { keepdim: true }).add(1e-6));\n',
  ],
  [
    'the input of a data set',
    'standardize',
    'a.py',
    `${PY}images = read()\nds = TensorDataset(images, labels)\nmodel = nn.Sequential(nn.Linear(2, 1))\nfor x, y in DataLoader(ds): model(x)\n`,
    'images = read()\nimages = (images - images.mean(0, keepdim=True)) / (images.std(0, keepdim=True) + 1e-6)\n',
  ],
  [
    'weights that are initialized by hand',
    'orthogonal',
    'a.ts',
    `${TS}class R extends nn.Module {\n  constructor() {\n    super();\n    nn.init.normal_(this.cell.weight, { std: 2 }); // wild\n  }\n}\n`,
    '    nn.init.orthogonal_(this.cell.weight); // wild\n',
  ],
  [
    'a strided convolution, with a projection',
    'residual',
    'a.py',
    `${PY}m = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(16, 2))\n`,
    'Residual(nn.Conv2d(8, 16, 3, stride=2, padding=1), nn.ReLU(), skip=nn.Conv2d(8, 16, 1, stride=2, bias=False)), nn.Flatten()',
  ],
];

const FOUND: { readonly [remedy: string]: FindingId } = { 'learning-rate': 'learning-rate-high' };

describe('text in, text out', () => {
  test.each(made)('%s', async (what, id, file, text, after) => {
    const parameters = /orthogonal|last-layer/.test(id) ? ['cell.weight'] : [];
    const site = { file, line: 3, column: 1 };
    const finding = { site, parameters, id: FOUND[id] ?? (/kill/.test(what) ? 'dead-units' : 'vanishing-gradient') };
    const outcome = await remedied(id, file, text, finding);
    expect(outcome.reason).toBeNull();
    expect(outcome.after).toContain(after);
    if (/rate|momentum/.test(id)) return;
    const again = await remedied(id, file, outcome.after, finding);
    expect(again.edit, again.after).toBeNull();
  });
});

const refused: [what: string, id: string, file: string, text: string, reason: RegExp][] = [
  ['no optimizer', 'clip', 'a.ts', `${TS}w.backward();\n`, /no call of an optimizer’s step/],
  ['clipped already', 'clip', 'a.py', `${PY}clip_grad_norm_(p, 1)\noptimizer.step()\n`, /already/],
  ['a gradient scaler', 'clip', 'a.py', `${PY}s = GradScaler()\noptimizer.step()\n`, /scaler/],
  ['zeroed already', 'zero-grad', 'a.py', `${PY}optimizer.zero_grad(True)\noptimizer.step()\n`, /already/],
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
  ['a recurrence by hand', 'gated-cell', 'a.ts', `${TS}const h = cell(h);\n`, /by hand/],
  ['no momentum', 'momentum', 'a.py', `${PY}o = torch.optim.SGD(p, lr=1)\n`, /no momentum/],
  [
    'a mean of several passes',
    'zero-grad',
    'a.ts',
    `${TS}const o = new optim.SGD(p);\nl.backward();\no.step();\no.zeroGrad();\n`,
    /already/,
  ],
  ['no softmax', 'drop-softmax', 'a.py', `${PY}a = q.softmax(-1) @ v\n`, /no softmax/],
  ['no BatchNorm', 'group-norm', 'a.ts', `${TS}new nn.LayerNorm(2);\n`, /no BatchNorm/],
  [
    'a gate',
    'activation',
    'a.ts',
    `${TS}class G extends nn.Module {
  u = new nn.Linear(8, 8);
  forward(x) {
    const z = this.u(x).sigmoid();
    return z.mul(x);
  }
}\n`,
    /gate/,
  ],
  [
    'weights used by name',
    'normalization',
    'a.py',
    `${PY}class M(nn.Module):
    def __init__(self):
        self.fc1 = nn.Linear(2, 2)
        nn.init.zeros_(self.fc1.weight)
    def forward(self, x):
        h = torch.tanh(self.fc1(x))
        return h
`,
    /used elsewhere by name/,
  ],
  ['errors of syntax', 'clip', 'a.ts', `${TS}const o = new optim.SGD(p);\no.step();\nif (\n`, /syntax/],
];

test('a remedy is what its finding means by it', () => {
  expect(remedyFor('learning-rate-low', 'learning-rate')?.id).toBe('raise-learning-rate');
  expect(remedyFor('learning-rate-high', 'learning-rate')?.id).toBe('learning-rate');
  expect(remedyFor('dead-units', 'activation')?.id).toBe('leaky-relu');
});

describe('no edit, and why', () => {
  test.each(refused)('%s', async (_what, id, file, text, reason) => {
    const outcome = await remedied(id, file, text);
    expect(outcome.edit, outcome.after).toBeNull();
    expect(outcome.reason).toMatch(reason);
  });
});

describe('the manner of the text is kept', () => {
  test('CRLF', async () => {
    const text = `${TS}const opt = new optim.SGD(model.parameters(), { lr: 1 });\nloss.backward();\nopt.step();\n`;
    const { after } = await remedied('clip', 'a.ts', text.replaceAll('\n', '\r\n'));
    expect(after).toContain('loss.backward();\r\nnn.utils.clipGradNorm_(model.parameters(), 1.0);\r\nopt.step();\r\n');
    expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  test('positions count in UTF-16, as editors do', async () => {
    const text = `${TS}/* λ😀 */ const opt = new optim.SGD(model.parameters(), { lr: 0.5 });\n`;
    const { edit, after } = await remedied('learning-rate', 'a.ts', text);
    expect(after).toContain('/* λ😀 */ const opt = new optim.SGD(model.parameters(), { lr: 0.05 });');
    const line = text.split('\n')[1];
    expect(edit?.changes[0].range.start).toEqual({ line: 1, character: line.indexOf('0.5') });
  });
});
