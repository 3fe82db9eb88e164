import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { onCopies } from '../../engine/repair/trial/runner.ts';
import { ranksOf, standalone } from '../../engine/repair/trial/torchrun.ts';
import { describeTorch } from '../host/pythons.ts';
import { write } from '../host/scripts.ts';

const MEETING = ['--rdzv_backend=c10d', '--rdzv_endpoint=localhost:0', '--rdzv_id=trial'];

describe('torchrun’s options', () => {
  test('where its processes meet is for each run to choose', () => {
    expect(standalone(['--nproc_per_node=2', '--master_port=29500', '--redirects=3'])).toEqual([
      ...MEETING,
      '--nproc_per_node=2',
      '--redirects=3',
    ]);
    expect(standalone(['--standalone', '--rdzv-endpoint', 'localhost:1234', '--nproc-per-node', '2'])).toEqual([
      ...MEETING,
      '--nproc-per-node',
      '2',
    ]);
  });

  test('how many there are', () => {
    expect(ranksOf(['--nproc_per_node=4'])).toBe(4);
    expect(ranksOf(['--nproc-per-node', '2'])).toBe(2);
    expect(ranksOf(['--nproc-per-node', 'gpu'])).toBe(1);
    expect(ranksOf(undefined)).toBe(1);
  });
});

const DISTRIBUTED = `import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.parallel import DistributedDataParallel

dist.init_process_group("gloo")
torch.manual_seed(0)
x = torch.randn(64, 2)
model = DistributedDataParallel(nn.Linear(2, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(20):
    loss = F.mse_loss(model(x), x.sum(1, keepdim=True))
    loss.backward()
    optimizer.step()
dist.destroy_process_group()
`;

describeTorch('trials of what trains in several processes', ({ path: interpreter, torch }) => {
  // Debian's torchrun 1.13 fails on Python 3.11 unless it is told where output goes.
  const redirects = torch.startsWith('1.13') ? ['--redirects=2', '--tee=2'] : [];

  test('two at once, one of them edited, each in two', async () => {
    const script = write({ 'train.py': DISTRIBUTED });
    const torchrun = ['--nproc_per_node=2', '--master_port=29511', ...redirects];
    const copies = onCopies(script, path.dirname(script), new Map(), { python: { interpreter, torchrun } });
    const { signal } = new AbortController();
    const edited = DISTRIBUTED.replace('    loss.backward()', '    optimizer.zero_grad()\n    loss.backward()');
    const runs = await Promise.all(
      [new Map<string, string>(), new Map([[script, edited]])].map((texts) =>
        copies.run({ texts, seed: 1, steps: 12, until: null, signal }),
      ),
    );
    await copies.close();
    for (const run of runs) {
      expect(run.error).toBeNull();
      expect(run.start?.worldSize).toBe(2);
      expect(run.stepCount).toBe(12);
    }
    const [before, after] = runs.map((run) => run.history.last?.loss);
    expect(after).not.toBe(before);
  });
});
