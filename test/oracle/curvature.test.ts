// The largest eigenvalue of the Hessian, and of Adam's preconditioned one, against what curvature.py recorded.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { F, nn, noGrad, optim, type Tensor, tensor } from '../../engine/index.ts';
import { watched } from '../probe/watched.ts';

interface Recorded {
  readonly shape: number[];
  readonly values: number[];
}

interface Network {
  readonly name: string;
  readonly parameters: Record<string, Recorded>;
  readonly input: Recorded;
  readonly target: Recorded;
  readonly eigenvalue: number;
  readonly preconditioned: number;
}

const [{ updates }, ...networks]: [{ updates: number }, ...Network[]] = JSON.parse(
  `[${readFileSync(new URL('curvature.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .replaceAll('\n', ',')}]`,
);

const float64 = { dtype: 'float64' } as const;

/** The same networks and losses as there, in order. */
const SAME: readonly [() => nn.Module, (output: Tensor, target: Tensor) => Tensor][] = [
  [() => new nn.Sequential(new nn.Linear(3, 6), new nn.Tanh(), new nn.Linear(6, 2)), F.mseLoss],
  [
    () =>
      new nn.Sequential(
        new nn.Conv2d(1, 2, 3),
        new nn.BatchNorm2d(2),
        new nn.GELU(),
        new nn.Flatten(),
        new nn.Linear(18, 3),
      ),
    (output, target) => F.crossEntropy(output, target.to('int32')),
  ],
  [
    () => new nn.Sequential(new nn.Linear(4, 5), new nn.LayerNorm(5), new nn.Sigmoid(), new nn.Linear(5, 1)),
    F.binaryCrossEntropyWithLogits,
  ],
];

function begun({ parameters, input, target }: Network, at: number) {
  const [make, loss] = SAME[at];
  const model = make().to('float64');
  const known = new Map(model.namedParameters());
  noGrad(() => {
    for (const [name, { shape, values }] of Object.entries(parameters)) {
      known.get(name)?.copy_(tensor(values, float64).reshape(shape));
    }
  });
  const of = ({ shape, values }: Recorded) => tensor(values, float64).reshape(shape);
  return { model, lossOf: () => loss((model as nn.Sequential)(of(input)), of(target)) };
}

test.each(networks.map((network, at) => [network.name, network, at] as const))('%s', (_name, network, at) => {
  const [plain] = watched(() => {
    const { model, lossOf } = begun(network, at);
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.25 });
    lossOf().backward();
    optimizer.step();
  }).all('curvature');
  expect(plain).toMatchObject({ step: 0, learningRate: 0.25, bound: 2, preconditioned: false, problem: null });
  expect(plain.eigenvalue).toBeLessThanOrEqual(network.eigenvalue * (1 + 1e-6));
  expect(plain.eigenvalue).toBeGreaterThan(network.eigenvalue * 0.99);

  const adaptive = watched(() => {
    const { model, lossOf } = begun(network, at);
    const options = { lr: 0.01, betas: [0.8, 0.95], eps: 1e-6, weightDecay: 0.1 } as const;
    const optimizer = new optim.Adam(model.parameters(), options);
    for (let step = 0; step <= updates; step++) {
      optimizer.zeroGrad();
      lossOf().backward();
      optimizer.step();
    }
  }).all('curvature');
  const last = adaptive.find(({ step }) => step === updates);
  expect(last).toMatchObject({ preconditioned: true, problem: null });
  expect(last?.bound).toBeCloseTo(18, 10);
  expect(last?.eigenvalue).toBeLessThanOrEqual(network.preconditioned * (1 + 1e-6));
  expect(last?.eigenvalue).toBeGreaterThan(network.preconditioned * 0.99);
});
