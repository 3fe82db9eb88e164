import { type Made, makes, PY, type Refused, refuses, TS } from './cases.ts';

/** What is made of errors: of answers less targets. */
const loop = (...lines: string[]) => `${TS}for (const [x, y] of batches) {\n  ${lines.join('\n  ')}\n}\n`;
const pythonLoop = (...lines: string[]) => `${PY}for x, y in batches:\n    ${lines.join('\n    ')}\n`;
const calling = (own: string, call: string) => `${TS}${own}\n${loop(call).replace(TS, '')}`;
const pythonCalling = (own: string, call: string) => `${PY}${own}\n${pythonLoop(call).replace(PY, '')}`;

const squares: readonly Made[] = [
  [
    'a mean of differences',
    'square',
    'a.ts',
    loop('const loss = model(x).sub(y).mean(); // here', 'loss.backward();'),
    'const loss = model(x).sub(y).square().mean(); // here\n',
  ],
  [
    'a mean of differences, beside powers',
    'square',
    'a.ts',
    loop('const loss = model(x).sub(y).mean(); // here', 'loss.backward();', 'log(w.pow(2).sum());'),
    'const loss = model(x).sub(y).pow(2).mean(); // here\n',
  ],
  [
    'a mean of differences',
    'square',
    'a.py',
    pythonLoop('loss = (model(x) - y).mean()  # here', 'loss.backward()'),
    '    loss = (model(x) - y).square().mean()  # here\n',
  ],
  [
    'a mean of differences, beside powers',
    'square',
    'a.py',
    pythonLoop('penalty = (w ** 2).sum()', 'loss = (model(x) - y).mean()  # here', 'loss.backward()'),
    '    loss = ((model(x) - y) ** 2).mean()  # here\n',
  ],
  [
    'a mean that is given the difference',
    'square',
    'a.py',
    pythonLoop('loss = torch.mean(model(x) - y)  # here', 'loss.backward()'),
    '    loss = torch.mean((model(x) - y).square())  # here\n',
  ],
  [
    'a mean that is given the difference, beside powers',
    'square',
    'a.py',
    pythonLoop('print((w ** 2).sum())', 'loss = torch.mean(model(x) - y)  # here', 'loss.backward()'),
    '    loss = torch.mean((model(x) - y) ** 2)  # here\n',
  ],
  [
    'a difference in a statement of its own',
    'square',
    'a.py',
    pythonLoop('error = model(x) - y  # here', 'loss = error.mean()', 'loss.backward()'),
    '    error = (model(x) - y).square()  # here\n',
  ],
  [
    'a difference with a minus behind it',
    'square',
    'a.ts',
    loop('const loss = y.sub(model(x)).mean().neg(); // here', 'loss.backward();'),
    'const loss = y.sub(model(x)).square().mean(); // here\n',
  ],
  [
    'a function of the script',
    'square',
    'a.ts',
    calling('const criterion = (a, b) => a.sub(b).mean(); // here', 'criterion(model(x), y).backward();'),
    '(a, b) => a.sub(b).square().mean(); // here\n',
  ],
];

makes('errors with their signs', squares);

const unclear: readonly Refused[] = [
  [
    'a square that is there',
    'square',
    'a.ts',
    loop('const loss = model(x).sub(y).square().mean(); // here', 'loss.backward();'),
    /no difference/,
  ],
  [
    'a difference of means',
    'square',
    'a.py',
    pythonLoop('loss = model(x).mean() - y.mean()  # here', 'loss.backward()'),
    /one number each/,
  ],
  [
    'several differences',
    'square',
    'a.py',
    pythonLoop('loss = (model(x) - y).mean() + (other(x) - z).mean()  # here', 'loss.backward()'),
    /several differences/,
  ],
];

refuses('errors with their signs', unclear);

const shapes: readonly Made[] = [
  [
    'a column of answers less a row of targets',
    'shape',
    'a.ts',
    loop('const loss = model(x).sub(y.squeeze(1)).square().mean(); // here', 'loss.backward();'),
    'model(x).squeeze(1).sub(y.squeeze(1)).square().mean(); // here\n',
  ],
  [
    'a row of answers less a column of targets',
    'shape',
    'a.ts',
    loop('const loss = model(x).flatten().sigmoid().sub(y).abs().mean(); // here', 'loss.backward();'),
    '.sigmoid().sub(y.flatten()).abs().mean(); // here\n',
  ],
  [
    'a row by its variable',
    'shape',
    'a.py',
    pythonLoop('out = model(x).view(-1)', 'loss = ((out - y) ** 2).mean()  # here', 'loss.backward()'),
    '    loss = ((out - y.flatten()) ** 2).mean()  # here\n',
  ],
  [
    'a column less the part of a table',
    'shape',
    'a.py',
    pythonLoop('loss = (model(x) - y[:, 0]).abs().mean()  # here', 'loss.backward()'),
    '    loss = (model(x).flatten() - y[:, 0]).abs().mean()  # here\n',
  ],
  [
    'answers and targets of which nothing is known',
    'shape',
    'a.py',
    pythonLoop('loss = ((model(x) - y) ** 2).mean()  # here', 'loss.backward()'),
    '    loss = ((model(x).flatten() - y.flatten()) ** 2).mean()  # here\n',
  ],
  [
    'what is worked out on the way',
    'shape',
    'a.py',
    pythonLoop('loss = (scale * model(x) - y.squeeze(-1)).square().mean()  # here', 'loss.backward()'),
    '    loss = ((scale * model(x)).squeeze(-1) - y.squeeze(-1)).square().mean()  # here\n',
  ],
  [
    'a loss function',
    'shape',
    'a.py',
    pythonLoop('loss = F.mse_loss(model(x), y.squeeze(1))  # here', 'loss.backward()'),
    '    loss = F.mse_loss(model(x).squeeze(1), y.squeeze(1))  # here\n',
  ],
  [
    'a function of the script',
    'shape',
    'a.ts',
    calling(
      `const squares = (a, b) => a.sub(b).square().mean(); // here`,
      'squares(model(x), y.squeeze(1)).backward();',
    ),
    'squares(model(x).squeeze(1), y.squeeze(1)).backward();',
  ],
  [
    'a function of the script, with a variable in it',
    'shape',
    'a.ts',
    calling(
      'const logLoss = (p, t) => {\n  const q = p.clamp(1e-6, 1);\n  return t.mul(q.log()).mean().neg(); // here\n};',
      'logLoss(model(x), y).backward();',
    ),
    'logLoss(model(x).flatten(), y.flatten()).backward();',
  ],
  [
    'a function of the script',
    'shape',
    'a.py',
    pythonCalling(
      'def log_loss(p, t):\n    return -(t * p.log() + (1 - t) * (1 - p).log()).mean()  # here\n',
      'log_loss(model(x), y.squeeze(1)).backward()',
    ),
    'log_loss(model(x).squeeze(1), y.squeeze(1)).backward()',
  ],
];

makes('shapes of answers and targets', shapes);

refuses('shapes of answers and targets', [
  [
    'one shape',
    'shape',
    'a.ts',
    loop('const loss = model(x).flatten().sub(y.flatten()).square().mean(); // here', 'loss.backward();'),
    /of the same shape already/,
  ],
  [
    'a sum over the second dimension',
    'shape',
    'a.py',
    pythonLoop('loss = (model(x) - y).square().sum(1).mean()  # here', 'loss.backward()'),
    /not clear/,
  ],
  [
    'several differences',
    'shape',
    'a.py',
    pythonLoop('loss = (a - y).abs().mean() + (b - y).abs().mean()  # here', 'loss.backward()'),
    /not clear/,
  ],
  [
    'two variables, each of them several times',
    'shape',
    'a.ts',
    loop('const loss = y.mul(p.log()).add(y.neg().add(1).mul(p.neg().add(1).log())).mean().neg(); // here'),
    /not clear/,
  ],
]);
