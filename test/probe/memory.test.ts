import { expect, test } from 'vitest';
import { run } from '../host/scripts.ts';

/** Runs a loop's body 30,000 times; prints by how many bytes the heap grew from step 15,000 on. */
const loop = (before: string, body: string) => `import v8 from 'node:v8';
import vm from 'node:vm';
import { nn, optim, tensor, randn, ones, zeros, noGrad, manualSeed } from 'gradlens';
v8.setFlagsFromString('--expose-gc');
const gc = vm.runInNewContext('gc');
const heap = () => {
  gc();
  gc(); // weak maps let go at the second time only
  return v8.getHeapStatistics().used_heap_size;
};
${before}
let begin = 0;
for (let step = 0; step <= 30_000; step++) {
  ${body}
  if (step % 5_000 === 0 && heap() && step === 15_000) begin = heap();
}
console.log(heap() - begin);
`;

const MODEL = `const fc = new nn.Linear(2, 1);
const optimizer = new optim.SGD(fc.parameters(), { lr: 1e-3 });`;

test.each([
  ['a plain loop', MODEL, 'optimizer.zeroGrad(); fc(ones([1, 2])).sum().backward(); optimizer.step();', 2, 1],
  [
    'a loss made anew in each step',
    MODEL,
    'optimizer.zeroGrad(); new nn.MSELoss()(fc(ones([1, 2])), zeros([1, 1])).backward(); optimizer.step();',
    2,
    2,
  ],
  [
    'a model made anew in each step',
    '',
    'const fc = new nn.Sequential(new nn.Linear(2, 1)); fc(ones([1, 2])).sum().backward();',
    2,
    2,
  ],
  [
    'a module made anew in each step and never used',
    MODEL,
    'new nn.Linear(1, 1); optimizer.zeroGrad(); fc(ones([1, 2])).sum().backward(); optimizer.step();',
    2,
    1,
  ],
  ['a tensor made anew in each step', '', 'tensor([1, 2], { requiresGrad: true }).mul(3).sum().backward();', 1, 0],
  ['a forward that is never followed by a backward', MODEL, 'fc(ones([1, 2])).sum();', 0, 1],
])(
  '30,000 steps, memory stays flat: %s',
  async (_what, before, body, parameters, layers) => {
    const watched = await run(loop(before, body));
    expect(watched.run.error).toBeNull();
    expect(watched.run.parameters).toHaveLength(parameters);
    expect(watched.run.layers).toHaveLength(layers);
    expect(Number(watched.output)).toBeLessThan(2e6);
  },
  130_000,
);
