import { describe, expect, test } from 'vitest';
import type { Frame } from '../../engine/run/frame.ts';
import { Run } from '../../engine/run/run.ts';
import { languageOf } from '../../engine/source/language.ts';
import { loadParser } from '../../engine/source/parser.ts';

const FILE = '/home/me/train.py';
const python = languageOf(FILE);
const parse = await loadParser(python.parser);

const SCRIPT = `import torch
from torch import nn

class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv1 = nn.Conv2d(n, n, 3)
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return x + self.conv1(x) * self.scale

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 3)
        self.layer1 = nn.Sequential(Block(3), Block(4))
        self.hidden = nn.ModuleList([nn.Linear(3, 3) for _ in range(2)])
        self.head = self._head()

    def _head(self):
        return nn.Linear(3, 1)

    def forward(self, x):
        h = torch.relu(self.fc1(x))
        for i, layer in enumerate(self.hidden):
            h = layer(h)
        for one in self.hidden.children(): h = one(h)
        first = self.hidden[0]
        return self.head(first(h)), self.hidden[-1], [m(h) for m in self.hidden]

class Wide(Net):
    pass

small = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
model = Wide().to("cpu")
criterion = nn.MSELoss()
w: torch.Tensor = torch.tensor([2.0], requires_grad=True)
wrapped = nn.DataParallel(model)

def evaluate(model, x):
    return model(x)

for epoch in range(3):
    out = model(x)
    loss = criterion(out[0], y)
    loss.backward()
    print(model.layer1[1].conv1.weight.grad, wrapped.fc1, w.grad)
`;

/** Line and column of a text, from 1; of the n-th such in the script. */
function placeOf(text: string, nth = 1) {
  let at = -1;
  for (let i = 0; i < nth; i++) at = SCRIPT.indexOf(text, at + 1);
  if (at < 0) throw new Error(`${text} isn’t there`);
  const lines = SCRIPT.slice(0, at).split('\n');
  return { file: FILE, line: lines.length, column: lines.at(-1)!.length + 1 };
}

type Row = readonly [name: string, type: string, parent: string | null, made: string, nth?: number];
const LAYERS: readonly Row[] = [
  ['small', 'Sequential', null, 'nn.Sequential(nn'],
  ['small.0', 'Linear', 'small', 'nn.Linear(2, 4)'],
  ['small.1', 'ReLU', 'small', 'nn.ReLU()'],
  ['small.2', 'Linear', 'small', 'nn.Linear(4, 1)'],
  ['model', 'Wide', null, 'Wide().'],
  ['fc1', 'Linear', 'model', 'nn.Linear(2, 3)'],
  ['layer1', 'Sequential', 'model', 'nn.Sequential(Block'],
  ['layer1.0', 'Block', 'layer1', 'Block(3)'],
  ['layer1.0.conv1', 'Conv2d', 'layer1.0', 'nn.Conv2d'],
  ['layer1.1', 'Block', 'layer1', 'Block(4)'],
  ['layer1.1.conv1', 'Conv2d', 'layer1.1', 'nn.Conv2d'],
  ['hidden', 'ModuleList', 'model', 'nn.ModuleList'],
  ['hidden.0', 'Linear', 'hidden', 'nn.Linear(3, 3)'],
  ['hidden.1', 'Linear', 'hidden', 'nn.Linear(3, 3)'],
  ['head', 'Linear', 'model', 'nn.Linear(3, 1)'],
  ['criterion', 'MSELoss', null, 'nn.MSELoss'],
];
const PARAMETERS: readonly [name: string, layer: string | null, made: string][] = [
  ['small.0.weight', 'small.0', 'nn.Linear(2, 4)'],
  ['small.2.weight', 'small.2', 'nn.Linear(4, 1)'],
  ['fc1.weight', 'fc1', 'nn.Linear(2, 3)'],
  ['layer1.0.scale', 'layer1.0', 'nn.Parameter'],
  ['layer1.0.conv1.weight', 'layer1.0.conv1', 'nn.Conv2d'],
  ['layer1.1.scale', 'layer1.1', 'nn.Parameter'],
  ['layer1.1.conv1.weight', 'layer1.1.conv1', 'nn.Conv2d'],
  ['hidden.0.weight', 'hidden.0', 'nn.Linear(3, 3)'],
  ['hidden.1.weight', 'hidden.1', 'nn.Linear(3, 3)'],
  ['head.weight', 'head', 'nn.Linear(3, 1)'],
  ['w', null, 'torch.tensor'],
];

/** A run of the script; a Python older than 3.11 tells no columns. */
function runOf({ columns }: { readonly columns: boolean }): Run {
  const site = (made: string, nth?: number) => ({ ...placeOf(made, nth), ...(columns ? {} : { column: 1 }) });
  const id = (name: string | null) => (name === null ? null : LAYERS.findIndex(([other]) => other === name));
  const layers = LAYERS.map(
    ([name, type, parent, made, nth], i): Frame => ({
      kind: 'layer',
      id: i,
      name,
      type,
      description: type,
      parent: id(parent),
      site: site(made, nth),
    }),
  );
  const parameters = PARAMETERS.map(
    ([name, layer, made], i): Frame => ({
      kind: 'parameter',
      id: i,
      name,
      shape: [1],
      dtype: 'float32',
      layer: id(layer),
      site: site(made),
    }),
  );
  const run = new Run();
  for (const frame of [...layers, ...parameters]) run.apply(frame);
  return run;
}

/** The names of what stands at the cursor, `@`, in a part of the script. */
function meant(run: Run, marked: string): string[] | null {
  const { line, column } = placeOf(marked.replace('@', ''));
  const at = { row: line - 1, column: column - 1 + marked.indexOf('@') };
  const subject = python.find(run, FILE, parse(SCRIPT), at)?.subject;
  switch (subject?.kind) {
    case 'layers':
      return subject.groups.map(({ name }) => name);
    case 'module':
      return [`${subject.layer.name}()`];
    case 'parameters':
      return subject.parameters.map(({ name }) => name);
    default:
      return null;
  }
}

const WHOLE_MODEL = ['fc1', 'layer1.0', 'layer1.0.conv1', 'layer1.1', 'layer1.1.conv1', 'hidden.0', 'hidden.1', 'head'];

describe.each([{ columns: true }, { columns: false }])('what a name in a Python script stands for, %o', (known) => {
  const run = runOf(known);

  test.each([
    ['a field where it is made', 'self.fc@1 = ', ['fc1']],
    ['a field where it is used', 'self.fc@1(x)', ['fc1']],
    ['the class of a layer', 'nn.Lin@ear(2, 3)', ['fc1']],
    ['a layer that a method made', 'self.he@ad(first', ['head']],
    ['a list', 'self.hid@den = ', ['hidden.0', 'hidden.1']],
    ['a loop’s variable', 'lay@er(h)', ['hidden.0', 'hidden.1']],
    ['a loop’s variable, where it is declared', 'i, lay@er in', ['hidden.0', 'hidden.1']],
    ['a loop’s counter', 'for @i, layer', null],
    ['a loop over children', 'on@e(h)', ['hidden.0', 'hidden.1']],
    ['a comprehension’s variable', '@m(h) for m', ['hidden.0', 'hidden.1']],
    ['an item', 'fir@st(h))', ['hidden.0']],
    ['a field of each of several blocks', 'self.con@v1(x)', ['layer1.0.conv1', 'layer1.1.conv1']],
    ['a parameter', 'self.sca@le\n', ['layer1.0.scale', 'layer1.1.scale']],
    ['one block of several', 'Blo@ck(4)', ['layer1.1', 'layer1.1.conv1']],
    ['an entry of a Sequential', 'Lin@ear(2, 4)', ['small.0']],
    ['another one', 'Lin@ear(4, 1)', ['small.2']],
    ['a layer without parameters', 'Re@LU()', ['small.1()']],
    ['a model', 'mod@el = Wide', WHOLE_MODEL],
    ['a class', 'Wi@de().to', WHOLE_MODEL],
    ['a path into a model', 'layer1[1].con@v1', ['layer1.1.conv1']],
    ['the middle of a path', 'model.layer@1[1]', ['layer1.0', 'layer1.0.conv1', 'layer1.1', 'layer1.1.conv1']],
    ['a weight at the end of a path', 'conv1.wei@ght', ['layer1.1.conv1.weight']],
    ['a model that is wrapped', 'wrapped.fc@1', ['fc1']],
    ['a function’s parameter', 'return mod@el(x)', WHOLE_MODEL],
    ['a tensor', '@w: torch', ['w']],
    ['a tensor where it is used', '@w.grad', ['w']],
    ['what a model gives', 'o@ut[0]', ['model()']],
    ['a loss function', 'crit@erion(out', ['criterion()']],
    ['a module of Python’s', 'tor@ch.relu', null],
    ['a word that is no name', 'pa@ss', null],
  ])('%s', (_what, marked, names) => {
    expect(meant(run, marked)).toEqual(names);
  });
});

test('landmarks: the models and the training loop', () => {
  const { models, trainingLoop } = python.landmarks(parse(SCRIPT));
  expect(models.map(({ name }) => name)).toEqual(['Block', 'Net']);
  expect(trainingLoop).toBe(placeOf('for epoch').line);
});

test.each([
  ['import torch\n', true],
  ['import torch.nn as nn\n', true],
  ['if True:\n    from torch import nn\n', true],
  ['import numpy\n', false],
  ['# import torch\n', false],
  ['import torchvision_like\n', false],
])('%j can be run: %s', (text, is) => {
  expect(python.isScript(text)).toBe(is);
});
