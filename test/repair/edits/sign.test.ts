import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

/** A loop of a script, with what stands in it. */
const loop = (...lines: string[]) => `${TS}for (const [x, y] of batches) {\n  ${lines.join('\n  ')}\n}\n`;
const pythonLoop = (...lines: string[]) => `${PY}for x, y in batches:\n    ${lines.join('\n    ')}\n`;

const made: readonly Made[] = [
  [
    'a minus before the backward pass',
    'sign',
    'a.ts',
    loop('const loss = F.mseLoss(model(x), y); // here', 'loss.neg().backward();'),
    'model(x), y); // here\n  loss.backward();\n',
  ],
  [
    'a minus before the backward pass',
    'sign',
    'a.py',
    pythonLoop('loss = F.mse_loss(model(x), y)  # here', '(-loss).backward()'),
    'model(x), y)  # here\n    loss.backward()\n',
  ],
  [
    'a minus where the loss is made',
    'sign',
    'a.ts',
    loop('const loss = F.crossEntropy(model(x), y).neg(); // here', 'loss.backward();'),
    'const loss = F.crossEntropy(model(x), y); // here\n',
  ],
  [
    'a minus where the loss is made, over lines',
    'sign',
    'a.ts',
    loop('const loss = F.crossEntropy(model(x), y) // here', '  .mean()', '  .mul(-1);', 'loss.backward();'),
    'const loss = F.crossEntropy(model(x), y) // here\n    .mean();\n',
  ],
  [
    'a minus where the loss is made',
    'sign',
    'a.py',
    pythonLoop('loss = -F.cross_entropy(model(x), y)  # here', 'loss.backward()'),
    '    loss = F.cross_entropy(model(x), y)  # here\n',
  ],
  [
    'times −1',
    'sign',
    'a.py',
    pythonLoop('loss = criterion(model(x), y) * -1  # here', 'loss.backward()'),
    '    loss = criterion(model(x), y)  # here\n',
  ],
  [
    '−1 times, and only printed otherwise',
    'sign',
    'a.py',
    pythonLoop('loss = criterion(model(x), y)', 'print(-loss.item())', 'total = -1.0 * loss', 'total.backward()'),
    '    print(-loss.item())\n    total = loss\n',
  ],
  [
    'a weight below 0',
    'sign',
    'a.py',
    pythonLoop('loss = -0.5 * F.mse_loss(model(x), y) + 0.1 * penalty(model)  # here', 'loss.backward()'),
    '    loss = 0.5 * F.mse_loss(model(x), y) + 0.1 * penalty(model)  # here\n',
  ],
  [
    'a weight below 0',
    'sign',
    'a.ts',
    loop('const loss = F.mseLoss(model(x), y).mul(-0.5); // here', 'loss.backward();'),
    'F.mseLoss(model(x), y).mul(0.5);',
  ],
  [
    'a sum of several terms',
    'sign',
    'a.ts',
    loop('const loss = F.mseLoss(model(x), y).add(rest.mul(0.1)).neg(); // here', 'loss.backward();'),
    'const loss = F.mseLoss(model(x), y).add(rest.mul(0.1)); // here\n',
  ],
  [
    'a sum of several terms, in brackets',
    'sign',
    'a.py',
    pythonLoop('loss = -(F.mse_loss(model(x), y) + 0.1 * rest)  # here', 'loss.backward()'),
    '    loss = F.mse_loss(model(x), y) + 0.1 * rest  # here\n',
  ],
  [
    'a sum of several terms, in brackets over lines',
    'sign',
    'a.py',
    pythonLoop('loss = -(', '    F.mse_loss(model(x), y)  # here', '    + 0.1 * rest', ')', 'loss.backward()'),
    '    loss = (\n        F.mse_loss(model(x), y)  # here\n',
  ],
  [
    'a loss that is taken away',
    'sign',
    'a.py',
    pythonLoop('loss = penalty(model)', 'loss -= F.mse_loss(model(x), y)  # here', 'loss.backward()'),
    '    loss += F.mse_loss(model(x), y)  # here\n',
  ],
  [
    'a loss that is taken away',
    'sign',
    'a.ts',
    loop('const loss = penalty.sub(F.mseLoss(model(x), y)); // here', 'loss.backward();'),
    'const loss = penalty.add(F.mseLoss(model(x), y)); // here\n',
  ],
  [
    'a statement of its own',
    'sign',
    'a.py',
    pythonLoop('loss = F.mse_loss(model(x), y)  # here', 'loss = -loss', 'loss.backward()'),
    'model(x), y)  # here\n    loss.backward()\n',
  ],
  [
    'a loss of a function',
    'sign',
    'a.py',
    `${PY}def objective(scores, y):\n    loss = F.cross_entropy(scores, y)  # here\n    return -loss\n\n${pythonLoop('objective(model(x), y).backward()').replace(PY, '')}`,
    '    return loss\n',
  ],
  [
    'a loss of a function',
    'sign',
    'a.ts',
    `${TS}const criterion = (a, b) => F.mseLoss(a, b).neg(); // here\n${loop('const loss = criterion(model(x), y);', 'loss.backward();').replace(TS, '')}`,
    'const criterion = (a, b) => F.mseLoss(a, b); // here\n',
  ],
  [
    'a loss that is a module',
    'sign',
    'a.py',
    `${PY}class Loss(nn.Module):\n    def forward(self, a, b):\n        return torch.neg(F.mse_loss(a, b))  # here\n\ncriterion = Loss()\n${pythonLoop('criterion(model(x), y).backward()').replace(PY, '')}`,
    '        return F.mse_loss(a, b)  # here\n',
  ],
  [
    'a loss that a scaler scales',
    'sign',
    'a.py',
    pythonLoop('loss = F.mse_loss(model(x), y)  # here', 'scaler.scale(-loss).backward()'),
    '    scaler.scale(loss).backward()\n',
  ],
  [
    'a loss in a closure',
    'sign',
    'a.ts',
    loop(
      'optimizer.step(() => {',
      '  const loss = F.mseLoss(model(x), y).neg(); // here',
      '  loss.backward();',
      '  return loss;',
      '});',
    ),
    'const loss = F.mseLoss(model(x), y); // here\n',
  ],
  [
    'an optimizer that is told to maximize',
    'sign',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), { maximize: true, lr: 0.1 }); // here\n`,
    'new optim.SGD(model.parameters(), { lr: 0.1 }); // here\n',
  ],
  [
    'an optimizer that is told to maximize, and nothing else',
    'sign',
    'a.ts',
    `${TS}const opt = new optim.Adam(model.parameters(), { maximize: true }); // here\n`,
    'new optim.Adam(model.parameters()); // here\n',
  ],
  [
    'an optimizer that is told to maximize, over lines',
    'sign',
    'a.ts',
    `${TS}const opt = new optim.SGD(model.parameters(), {\n  lr: 0.1, // usual\n  maximize: true, // up\n  momentum: 0.9,\n});\n`,
    '{\n  lr: 0.1, // usual\n  // up\n  momentum: 0.9,\n});\n',
  ],
  [
    'an optimizer that is told to maximize',
    'sign',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), lr=0.1, maximize=True)  # here\n`,
    'torch.optim.SGD(model.parameters(), lr=0.1)  # here\n',
  ],
  [
    'an optimizer that is told to maximize, over lines',
    'sign',
    'a.py',
    `${PY}class Trainer:\n    def __init__(self, model):\n        self.opt = torch.optim.SGD(\n            model.parameters(),\n            maximize=True,\n            lr=0.1,\n        )\n`,
    '            model.parameters(),\n            lr=0.1,\n        )\n',
  ],
  [
    'a likelihood without its minus',
    'sign',
    'a.ts',
    loop('const loss = model(x).logSoftmax(1).mul(F.oneHot(y, 4)).sum(1).mean(); // here', 'loss.backward();'),
    'mul(F.oneHot(y, 4)).sum(1).mean().neg(); // here\n',
  ],
  [
    'a likelihood without its minus, over statements',
    'sign',
    'a.ts',
    loop('const logp = F.logSoftmax(model(x), 1);', 'logp.gather(1, y).mean().backward(); // here'),
    'logp.gather(1, y).mean().neg().backward(); // here\n',
  ],
  [
    'a likelihood without its minus',
    'sign',
    'a.py',
    pythonLoop('loss = F.log_softmax(model(x), dim=1).gather(1, y[:, None]).mean()  # here', 'loss.backward()'),
    '    loss = -F.log_softmax(model(x), dim=1).gather(1, y[:, None]).mean()  # here\n',
  ],
  [
    'a likelihood without its minus, over statements',
    'sign',
    'a.py',
    pythonLoop(
      'logp = torch.log_softmax(model(x), 1)',
      'loss = (logp * F.one_hot(y, 4)).sum(1).mean()  # here',
      'loss.backward()',
    ),
    '    loss = -(logp * F.one_hot(y, 4)).sum(1).mean()  # here\n',
  ],
  [
    'a likelihood without its minus, by its backward pass',
    'sign',
    'a.py',
    pythonLoop('loss = F.log_softmax(model(x), dim=1).gather(1, y[:, None]).mean()', 'loss.backward()  # here'),
    '    loss = -F.log_softmax(model(x), dim=1).gather(1, y[:, None]).mean()\n',
  ],
  [
    'a likelihood without its minus, of a variable, by its backward pass',
    'sign',
    'a.py',
    pythonLoop(
      'target = F.one_hot(y, 4)',
      'logp = torch.log_softmax(model(x), 1)',
      'loss = (logp * target).sum(1).mean()',
      'loss.backward()  # here',
    ),
    '    loss = -(logp * target).sum(1).mean()\n',
  ],
  [
    'a likelihood without its minus, of a model of logarithms',
    'sign',
    'a.ts',
    `${TS}class M extends nn.Module {\n  forward(x) {\n    return this.head(x).logSoftmax(1);\n  }\n}\nconst model = new M();\n${loop('const logp = model(x);', 'const loss = logp.mul(F.oneHot(y, 4)).sum(1).mul(gain).mean(); // here', 'loss.backward();').replace(TS, '')}`,
    'sum(1).mul(gain).mean().neg(); // here\n',
  ],
  [
    'a likelihood without its minus, taken by index',
    'sign',
    'a.py',
    pythonLoop(
      'logp = torch.log_softmax(model(x), 1)',
      'loss = logp[torch.arange(len(y)), y].mean()  # here',
      'loss.backward()',
    ),
    '    loss = -logp[torch.arange(len(y)), y].mean()  # here\n',
  ],
  [
    'a likelihood without its minus, on its way',
    'sign',
    'a.py',
    pythonLoop('logp = torch.log_softmax(model(x), 1)', 'logp.gather(1, y[:, None]).mean().backward()  # here'),
    '    logp.gather(1, y[:, None]).mean().neg().backward()  # here\n',
  ],
];

const TWO = 't.mul(p.log()).add(t.neg().add(1).mul(p.neg().add(1).log()))';

/** Losses that the script writes itself; the finding is where their products or squares are computed. */
const written: readonly Made[] = [
  [
    'a logistic loss of a function, without its minus',
    'sign',
    'a.ts',
    `${TS}const logLoss = (p, t) => {\n  return ${TWO}.mean(); // here\n};\n${loop('const cost = logLoss(model(x).sigmoid(), y);', 'cost.backward();').replace(TS, '')}`,
    `  return ${TWO}.mean().neg(); // here\n`,
  ],
  [
    'a logistic loss of a function, without its minus',
    'sign',
    'a.py',
    `${PY}def log_loss(p, t):\n    return (t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()  # here\n\n${pythonLoop('cost = log_loss(torch.sigmoid(model(x)), y)', 'cost.backward()').replace(PY, '')}`,
    '    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()  # here\n',
  ],
  [
    'a logistic loss of a function, found where it is called',
    'sign',
    'a.py',
    `${PY}def log_loss(p, t):\n    return (t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()\n\n${pythonLoop('cost = log_loss(torch.sigmoid(model(x)), y)  # here', 'cost.backward()').replace(PY, '')}`,
    '    return -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean()\n',
  ],
  [
    'a logistic loss in two terms',
    'sign',
    'a.py',
    `${PY}def log_loss(p, t):\n    yes = t * p.log()  # here\n    no = (1 - t) * torch.log1p(-p)\n    return (yes + no).mean()\n\n${pythonLoop('log_loss(torch.sigmoid(model(x)), y).backward()').replace(PY, '')}`,
    '    return -(yes + no).mean()\n',
  ],
  [
    'a logistic loss with a minus too many, which stands where it is called',
    'sign',
    'a.ts',
    `${TS}const logLoss = (p, t) => ${TWO}.mean().neg(); // here\n${loop('const cost = logLoss(model(x).sigmoid(), y).neg();', 'cost.backward();').replace(TS, '')}`,
    '  const cost = logLoss(model(x).sigmoid(), y);\n',
  ],
  [
    'a likelihood of a function that is given logarithms',
    'sign',
    'a.ts',
    `${TS}const nll = (logp, y) => logp.gather(1, y).mean(); // here\n${loop('const loss = nll(model(x).logSoftmax(1), y);', 'loss.backward();').replace(TS, '')}`,
    'logp.gather(1, y).mean().neg(); // here\n',
  ],
  [
    'the logarithm of a probability that is picked',
    'sign',
    'a.py',
    pythonLoop('loss = model(x).softmax(1).gather(1, y).log().mean()  # here', 'loss.backward()'),
    '    loss = -model(x).softmax(1).gather(1, y).log().mean()  # here\n',
  ],
  [
    'squares, the negative of which is minimized',
    'sign',
    'a.ts',
    `${TS}const squares = (a, b) => a.sub(b).square().mean(); // here\n${loop('const loss = squares(model(x), y).neg();', 'loss.backward();').replace(TS, '')}`,
    '  const loss = squares(model(x), y);\n',
  ],
  [
    'squares, the negative of which is minimized',
    'sign',
    'a.py',
    pythonLoop('error = model(x) - y', 'loss = -(error ** 2).mean()  # here', 'loss.backward()'),
    '    loss = (error ** 2).mean()  # here\n',
  ],
  [
    'the logarithm of a scale, which is none of a probability, and squares',
    'sign',
    'a.py',
    pythonLoop('loss = -(torch.log(s) + (model(x) - y).square() / s).mean()  # here', 'loss.backward()'),
    '    loss = (torch.log(s) + (model(x) - y).square() / s).mean()  # here\n',
  ],
];

/** Two players, the one that deceives with the labels that it's given. */
const players = (labels: string) => `${PY}opt_d = torch.optim.Adam(critic.parameters(), lr=1e-3)
opt_g = torch.optim.Adam(maker.parameters(), lr=1e-3)
for real in data:
    fake = maker(torch.randn(64, 8))
    truth, made = torch.ones(64, 1), torch.zeros(64, 1)
    loss_d = bce(critic(real), truth) + bce(critic(fake.detach()), ${labels})
    loss_d.backward()
    loss_g = bce(critic(fake), ${labels})  # here
    loss_g.backward()
`;

const opponents: readonly Made[] = [
  [
    'the labels of the one that deceives',
    'sign',
    'a.py',
    players('torch.zeros(64, 1)'),
    'critic(fake.detach()), torch.zeros(64, 1))\n    loss_d.backward()\n    loss_g = bce(critic(fake), torch.ones(64, 1))  # here\n',
  ],
  [
    'the labels of the one that deceives, by their names',
    'sign',
    'a.py',
    players('made'),
    'critic(fake.detach()), made)\n    loss_d.backward()\n    loss_g = bce(critic(fake), truth)  # here\n',
  ],
  [
    'the labels of the one that deceives',
    'sign',
    'a.ts',
    `import { nn, optim, F, randn, zeros } from 'gradlens';
const optD = new optim.Adam(critic.parameters());
const optG = new optim.Adam(maker.parameters());
for (const real of data) {
  const fake = maker(randn([64, 8]));
  F.binaryCrossEntropyWithLogits(critic(fake.detach()), zeros([64, 1])).backward();
  F.binaryCrossEntropyWithLogits(critic(fake), zeros([64, 1])).backward(); // here
}
`,
    'critic(fake), ones([64, 1])).backward(); // here\n',
  ],
];

makes('the labels of opponents', opponents);

makes('the sign of what is minimized', made);

makes('the sign of what a script writes itself', written);

const refused: readonly Refused[] = [
  [
    'no minus',
    'sign',
    'a.ts',
    loop('const loss = F.mseLoss(model(x), y); // here', 'loss.backward();'),
    /no minus too many/,
  ],
  [
    'a minus that is not on the way',
    'sign',
    'a.py',
    pythonLoop('loss = F.mse_loss(-model(x), y)  # here', 'best = -loss.item()', 'loss.backward()'),
    /no minus too many/,
  ],
  [
    'a likelihood that has its minus',
    'sign',
    'a.py',
    pythonLoop('loss = -torch.log_softmax(model(x), 1).gather(1, y).mean()  # here', 'loss.backward()'),
    /no minus too many/,
  ],
  [
    'a logistic loss that has its minus',
    'sign',
    'a.ts',
    `${TS}const logLoss = (p, t) => ${TWO}.mean().neg(); // here\n${loop('logLoss(model(x).sigmoid(), y).backward();').replace(TS, '')}`,
    /no minus too many/,
  ],
  [
    'two minuses',
    'sign',
    'a.py',
    pythonLoop('score = -F.mse_loss(model(x), y)  # here', 'loss = -score', 'loss.backward()'),
    /no minus too many/,
  ],
  [
    'the negative, which is maximized',
    'sign',
    'a.py',
    `${PY}opt = torch.optim.SGD(model.parameters(), lr=1, maximize=True)\n${pythonLoop('loss = -F.mse_loss(model(x), y)  # here', 'loss.backward()').replace(PY, '')}`,
    /is given the negative/,
  ],
  [
    'a loss that goes elsewhere',
    'sign',
    'a.py',
    pythonLoop('losses.append(-F.mse_loss(model(x), y))  # here', 'sum(losses).backward()'),
    /no minus too many/,
  ],
  [
    'a comment beside the minus',
    'sign',
    'a.ts',
    loop('const loss = F.mseLoss(model(x), y) // here', '  // the other way round', '  .neg();', 'loss.backward();'),
    /a comment stands/,
  ],
];

refuses('the labels of opponents', [
  [
    'labels of opponents, as they should be',
    'sign',
    'a.py',
    players('made').replace('bce(critic(fake), made)', 'bce(critic(fake), truth)'),
    /no minus too many/,
  ],
  [
    'labels that come from elsewhere',
    'sign',
    'a.py',
    players('made').replace('bce(critic(real), truth) + ', ''),
    /no minus too many/,
  ],
]);

refuses('the sign of what is minimized', refused);
