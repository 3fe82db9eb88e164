import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diagnose } from '../../engine/diagnose/diagnose.ts';
import { Forks } from '../../engine/host/python/forks.ts';
import { propose } from '../../engine/repair/propose.ts';
import { onCopies } from '../../engine/repair/trial/runner.ts';
import { describeTorch } from '../host/pythons.ts';
import { run, write } from '../host/scripts.ts';
import { faults } from './pythonFaults.ts';
import { findingOf, remedied } from './remedy.ts';
import { shapes } from './shapes.ts';
import { singles } from './singles.ts';

const REMEDIES = ['normalization', 'residual', 'activation', 'initialization', 'clip', 'learning-rate', 'warm-up'];
const python = Object.entries(shapes).filter(([, { file }]) => file.endsWith('.py'));

describeTorch('remedies of Python scripts', ({ path: interpreter }) => {
  // what scripts compute matters here, not how Python is started
  const forks = new Forks();
  afterAll(() => forks.close());
  const options = { budget: 100, python: { interpreter, start: forks.start }, threads: 1 };
  const train = async (text: string) => (await run({ 'train.py': text }, options)).run;

  test.each(python)('%s: runs with every remedy at once', async (_name, { file, text }) => {
    let after = text;
    let edits = 0;
    for (const id of REMEDIES) {
      const outcome = await remedied(id, file, after);
      after = outcome.after;
      edits += outcome.edit ? 1 : 0;
    }
    expect(edits).toBeGreaterThanOrEqual(4);
    const trained = await train(after);
    expect(trained.error, after).toBeNull();
    expect(trained.stepCount).toBe(30);
  });

  const alone = Object.entries(singles).filter(([, { file }]) => file.endsWith('.py'));

  test.each(alone)('%s: what one remedy writes runs', async (_name, { remedy, file, text }) => {
    const { after } = await remedied(remedy, file, text);
    expect(after).not.toBe(text);
    const trained = await train(after);
    expect(trained.error, after).toBeNull();
    expect(trained.stepCount).toBe(30);
    expect(trained.history.last?.loss).toBeLessThan(trained.firstLoss);
  });

  const cures = Object.entries(faults).flatMap(([name, fault]) =>
    fault.remedies.map((remedy) => [name, remedy, fault] as const),
  );
  test.each(cures)('%s: cured by %s', async (_name, remedy, { finding, text }) => {
    const before = await train(text);
    const proposals = await propose(findingOf(before, finding), before);
    const proposal = proposals.find(({ id }) => id === remedy);
    const [{ after }] = [...(proposal?.edit?.texts.values() ?? [{ after: '' }])];
    expect(after, proposal?.reason ?? `no ${remedy} among ${proposals.map(({ id }) => id)}`).not.toBe('');
    const cured = await train(after);
    expect(cured.error, after).toBeNull();
    expect(diagnose(cured).map(({ id, evidence }) => `${id}: ${evidence}`)).toEqual([]);
  });

  // torchvision isn't there; what its transforms do to a picture is soon written
  const TRANSFORMS = `import torch

class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, picture):
        for transform in self.transforms:
            picture = transform(picture)
        return picture

class ToTensor:
    def __call__(self, picture):
        return torch.tensor(picture, dtype=torch.float32)

class Normalize:
    def __init__(self, mean, std):
        self.mean, self.std = torch.tensor(mean), torch.tensor(std)

    def __call__(self, tensor):
        return (tensor - self.mean.view(-1, 1, 1)) / self.std.view(-1, 1, 1)
`;
  const PICTURES = `import torch
import torch.nn.functional as F
from torch import nn
from torchvision.transforms import Compose, ToTensor

torch.manual_seed(0)
picture = Compose([ToTensor()])
numbers = torch.arange(64)
labels = (numbers % 2).float().reshape(-1, 1)
pictures = [(torch.rand(1, 4, 4) * 100 + 500 + 60 * (n % 2)).tolist() for n in range(64)]
x = torch.stack([picture(p) for p in pictures])
model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(16, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(100):
    optimizer.zero_grad()
    loss = F.binary_cross_entropy_with_logits(model(x), labels)
    loss.backward()
    optimizer.step()
`;

  test.each([
    [
      'by its own name',
      PICTURES,
      'import Compose, ToTensor, Normalize',
      /Compose\(\[ToTensor\(\), Normalize\(\(5\d\d[.\d]*,\), \(4\d[.\d]*,\)\)\]\)/,
    ],
    [
      'of a module',
      PICTURES.replace(
        'from torchvision.transforms import Compose, ToTensor',
        'from torchvision import transforms as T',
      ).replace('Compose([ToTensor()])', 'T.Compose([\n    T.ToTensor(),\n    lambda t: t * 2,\n])'),
      'import transforms as T',
      /lambda t: t \* 2,\n {4}T\.Normalize\(\(1\d\d\d[.\d]*,\), \(\d\d[.\d]*,\)\),\n/,
    ],
  ])('pictures are normalized by their transforms, %s', async (_what, text, imported, made) => {
    const files = { 'train.py': text, 'torchvision/__init__.py': '', 'torchvision/transforms.py': TRANSFORMS };
    const { run: before } = await run(files, options);
    const proposals = await propose(findingOf(before, 'unscaled-input'), before);
    const proposal = proposals.find(({ id }) => id === 'standardize');
    const [{ after }] = [...(proposal?.edit?.texts.values() ?? [{ after: '' }])];
    expect(after, proposal?.reason ?? '').toContain(imported);
    expect(after).toMatch(made);
    const { run: cured } = await run({ ...files, 'train.py': after }, options);
    expect(cured.error, after).toBeNull();
    expect(diagnose(cured).map(({ id }) => id)).not.toContain('unscaled-input');
    expect(cured.history.last?.loss).toBeLessThan(0.2);
  });

  test('the runs of a trial compute with one thread each, whatever torch would take', async () => {
    const script = write({ 'train.py': 'import torch\nraise RuntimeError(f"{torch.get_num_threads()} threads")\n' });
    const copies = onCopies(script, path.dirname(script), new Map(), { python: { interpreter } });
    const { signal } = new AbortController();
    const { error } = await copies.run({ texts: new Map(), seed: 1, steps: 1, until: null, signal });
    await copies.close();
    expect(error?.message).toBe('1 threads');
  });
});
