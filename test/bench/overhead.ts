/**
 * What observing costs: steps per second of the same training loop with the probe watching and without, in turns within
 * one process, so that the machine's noise meets both. Reports the median of the ratios; asserts nothing.
 *
 *     node test/bench/overhead.ts
 */
import { observe } from '../../engine/autograd/observer.ts';
import { F, manualSeed, nn, optim, randn, type Tensor } from '../../engine/index.ts';
import { Probe } from '../../engine/probe/probe.ts';
import { encodeFrame } from '../../engine/run/codec.ts';

interface Workload {
  readonly name: string;
  readonly steps: number;
  /** Builds the model anew (so that the probe, if there is one, sees it being made) and gives one step. */
  build(): () => void;
}

function training(model: nn.Sequential, x: Tensor, loss: (output: Tensor) => Tensor): () => void {
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
  return () => {
    optimizer.zeroGrad();
    loss(model(x)).backward();
    optimizer.step();
  };
}

const mlp = (sizes: readonly number[]) =>
  new nn.Sequential(
    ...sizes
      .slice(1)
      .flatMap((size, i) => [new nn.Linear(sizes[i], size), ...(i < sizes.length - 2 ? [new nn.ReLU()] : [])]),
  );

const workloads: readonly Workload[] = [
  {
    name: 'MLP 2-32-32-1, batch 64',
    steps: 400,
    build: () => training(mlp([2, 32, 32, 1]), randn([64, 2]), (y) => F.mseLoss(y, randn([64, 1]))),
  },
  {
    name: 'MLP 784-256-128-10, batch 64',
    steps: 12,
    build: () => training(mlp([784, 256, 128, 10]), randn([64, 784]), (y) => y.square().mean()),
  },
  {
    name: 'twelve sigmoid layers of 32, batch 256',
    steps: 40,
    build: () => {
      const layers = Array.from({ length: 11 }, () => [new nn.Linear(32, 32), new nn.Sigmoid()]).flat();
      return training(new nn.Sequential(new nn.Linear(2, 32), ...layers), randn([256, 2]), (y) => y.square().mean());
    },
  },
];

const ROUNDS = 9;

/** Milliseconds of one step. */
function time(workload: Workload, watched: boolean): number {
  manualSeed(0);
  const began = performance.now();
  const probe = new Probe((frame) => encodeFrame(frame), {
    seconds: () => (performance.now() - began) / 1000,
    name: () => null,
    control: { boundary() {}, evaluating() {}, keepsOutputs: false, check() {}, stepDone() {} },
  });
  observe(watched ? probe : null);
  const step = workload.build();
  for (let i = 0; i < workload.steps; i++) step();
  const start = performance.now();
  for (let i = 0; i < workload.steps; i++) step();
  const elapsed = performance.now() - start;
  observe(null);
  return elapsed / workload.steps;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

for (const workload of workloads) {
  const pairs = Array.from({ length: ROUNDS }, () => ({ plain: time(workload, false), watched: time(workload, true) }));
  const ratio = median(pairs.map(({ plain, watched }) => watched / plain));
  const [plain, watched] = [median(pairs.map((p) => p.plain)), median(pairs.map((p) => p.watched))];
  const percent = ((ratio - 1) * 100).toFixed(1);
  console.log(`${workload.name}: ${plain.toFixed(3)} ms a step, watched ${watched.toFixed(3)} ms: +${percent} %`);
}
