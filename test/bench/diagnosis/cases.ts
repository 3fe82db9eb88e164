import type { FindingId } from '../../../engine/diagnose/finding.ts';

/** A script and what should be found in it: one of these, or nothing. */
export interface Case {
  readonly name: string;
  readonly script: string;
  readonly expected: readonly FindingId[];
}

/** The parts of a training script that faults and odd habits change. */
interface Parts {
  readonly data: string;
  readonly model: string;
  readonly init: string;
  readonly optimizer: string;
  readonly loss: string;
  readonly loop: string;
}

const LOOP = `  optimizer.zeroGrad();
  const loss = LOSS;
  loss.backward();
  optimizer.step();`;

const scriptOf = (seed: number, { data, model, init, optimizer, loss, loop }: Parts): string =>
  `import { nn, optim, F, data, tensor, cat, randn, rand, randint, zeros, ones, noGrad, manualSeed } from 'gradlens';
manualSeed(${seed});
${data}
const model = ${model};
${init}
const optimizer = new ${optimizer};
for (let step = 0; step < 220; step++) {
  ${loop.replace('LOSS', loss).trim()}
}
`;

/** Clean programs: each learns its task. */
const PROGRAMS: { readonly [name: string]: Parts } = {
  moons: {
    data: 'const { x, y } = data.twoMoons(256, { noise: 0.1 });',
    model:
      'new nn.Sequential(new nn.Linear(2, 32), new nn.ReLU(), new nn.Linear(32, 32), new nn.ReLU(), new nn.Linear(32, 1))',
    init: '',
    optimizer: 'optim.SGD(model.parameters(), { lr: 0.2, momentum: 0.9 })',
    loss: 'F.binaryCrossEntropyWithLogits(model(x), y)',
    loop: LOOP,
  },
  classes: {
    data: "const x = randn([256, 10]);\nconst y = x.matmul(randn([10, 5])).argmax(1).to('int32');",
    model:
      'new nn.Sequential(new nn.Linear(10, 48), new nn.Tanh(), new nn.Linear(48, 24), new nn.ReLU(), new nn.Linear(24, 5))',
    init: '',
    optimizer: 'optim.Adam(model.parameters(), { lr: 0.005 })',
    loss: 'F.crossEntropy(model(x), y)',
    loop: LOOP,
  },
  images: {
    data: "const y = randint(0, 4, [96]).to('int32');\nconst x = randn([96, 1, 8, 8]).mul(0.3).add(F.oneHot(y, 4).to('float32').reshape([96, 1, 4, 1]).repeat([1, 1, 2, 8]));",
    model:
      'new nn.Sequential(new nn.Conv2d(1, 8, 3, { padding: 1 }), new nn.ReLU(), new nn.MaxPool2d(2), new nn.Conv2d(8, 8, 3, { padding: 1 }), new nn.ReLU(), new nn.Flatten(), new nn.Linear(128, 4))',
    init: '',
    optimizer: 'optim.AdamW(model.parameters(), { lr: 0.003 })',
    loss: 'F.crossEntropy(model(x), y)',
    loop: LOOP,
  },
  autoencoder: {
    data: 'const x = randn([128, 3]).matmul(randn([3, 12])).mul(0.5);\nconst y = x;',
    model:
      'new nn.Sequential(new nn.Linear(12, 24), new nn.ReLU(), new nn.Linear(24, 3), new nn.Linear(3, 24), new nn.ReLU(), new nn.Linear(24, 12))',
    init: '',
    optimizer: 'optim.Adam(model.parameters(), { lr: 0.003 })',
    loss: 'F.mseLoss(model(x), y)',
    loop: LOOP,
  },
};

interface Change {
  readonly expected: readonly FindingId[];
  /** Null where it makes no sense for a program. */
  readonly apply: (parts: Parts, program: string) => Parts | null;
}

const isClassifier = (program: string) => program === 'classes' || program === 'images';
const every = (body: string) => `for (const [name, p] of model.namedParameters()) noGrad(() => { ${body} });`;
const rate = (parts: Parts, factor: number): Parts => ({
  ...parts,
  optimizer: parts.optimizer.replace(/lr: ([\d.]+)/, (_, lr) => `lr: ${Number(lr) * factor}`),
});
const sgd = (parts: Parts, lr: number): Parts => ({
  ...parts,
  optimizer: `optim.SGD(model.parameters(), { lr: ${lr} })`,
});

const FAULTS: { readonly [name: string]: Change } = {
  'no zeroGrad': {
    expected: ['missing-zero-grad'],
    apply: (p) => ({ ...p, loop: p.loop.replace('optimizer.zeroGrad();\n', '') }),
  },
  'a layer left out of the optimizer': {
    expected: ['not-optimized'],
    apply: (p) => ({ ...p, optimizer: p.optimizer.replace('model.parameters()', 'model.parameters().slice(2)') }),
  },
  'zeroed before the update': {
    expected: ['not-optimized'],
    apply: (p) => ({ ...p, loop: p.loop.replace('loss.backward();', 'loss.backward();\n  optimizer.zeroGrad();') }),
  },
  'softmax twice': {
    expected: ['double-softmax'],
    apply: (p, program) => (isClassifier(program) ? { ...p, loss: 'F.crossEntropy(model(x).softmax(1), y)' } : null),
  },
  'constant weights': {
    expected: ['bad-initialization'],
    apply: (p) => ({ ...p, init: every('p.fill_(0.05)') }),
  },
  'all zeros': { expected: ['bad-initialization'], apply: (p) => ({ ...p, init: every('p.fill_(0)') }) },
  'dead from the start': {
    expected: ['dead-units'],
    apply: (p, program) =>
      program === 'classes' ? null : { ...p, init: every("if (name === '0.bias') p.fill_(-100)") },
  },
  'a rate far too low': { expected: ['learning-rate-low'], apply: (p) => sgd(p, 1e-8) },
  'a rate far too high': {
    expected: ['learning-rate-high', 'non-finite', 'dead-units', 'exploding-gradient'],
    apply: (p) => sgd(p, 60),
  },
  'deep sigmoids': {
    expected: ['vanishing-gradient'],
    apply: (p, program) =>
      program !== 'moons'
        ? null
        : {
            ...p,
            model:
              'new nn.Sequential(new nn.Linear(2, 16), ...Array.from({ length: 10 }, () => [new nn.Sigmoid(), new nn.Linear(16, 16)]).flat(), new nn.Sigmoid(), new nn.Linear(16, 1))',
          },
  },
};

const HEALTHY: { readonly [name: string]: Change['apply'] } = {
  'as it is': (p) => p,
  accumulation: (p) => ({
    ...p,
    loop: `  optimizer.zeroGrad();
  for (let k = 0; k < 3; k++) LOSS.div(3).backward();
  optimizer.step();`,
  }),
  'a summed loss': (p) => ({
    ...rate(p, p.optimizer.includes('SGD') ? 0.004 : 1),
    loss: p.loss.replace(/\)$/, ", { reduction: 'sum' })"),
  }),
  'a frozen first layer': (p) => ({
    ...p,
    init: "for (const [name, p] of model.namedParameters()) if (name.startsWith('0.')) p.requiresGrad_(false);",
  }),
  'weight decay': (p) => ({ ...p, optimizer: p.optimizer.replace(/\}\)$/, ', weightDecay: 1e-3 })') }),
  'clipped gradients': (p) => ({
    ...p,
    loop: p.loop.replace('optimizer.step();', 'nn.utils.clipGradNorm_(model.parameters(), 1);\n  optimizer.step();'),
  }),
  'a warm-up': (p) => ({
    ...p,
    loop: `  optimizer.paramGroups[0].lr = Math.min(1, (step + 1) / 60) * ${/lr: ([\d.]+)/.exec(p.optimizer)?.[1]};\n${p.loop}`,
  }),
  'a tiny last layer': (p) => ({
    ...p,
    init: '{ const last = model.parameters().at(-2); noGrad(() => last.mul_(0.01)); }',
  }),
  'an evaluation now and then': (p) => ({
    ...p,
    loop: `${p.loop}\n  if (step % 20 === 0) noGrad(() => LOSS);`.replace('LOSS);', `${p.loss});`),
  }),
  'a small rate that learns slowly': (p) => rate(p, 0.2),
};

/** Programs × faults × seeds, and programs × odd but healthy habits × seeds. */
export function cases(seeds: number): Case[] {
  const all: Case[] = [];
  for (const [program, parts] of Object.entries(PROGRAMS)) {
    for (let seed = 1; seed <= seeds; seed++) {
      const add = (name: string, expected: readonly FindingId[], changed: Parts | null) => {
        if (changed) all.push({ name: `${program}, ${name}, seed ${seed}`, script: scriptOf(seed, changed), expected });
      };
      for (const [name, { expected, apply }] of Object.entries(FAULTS)) add(name, expected, apply(parts, program));
      for (const [name, apply] of Object.entries(HEALTHY)) add(name, [], apply(parts, program));
    }
  }
  return all;
}
