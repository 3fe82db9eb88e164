import { expect } from 'vitest';
import { examine } from '../../engine/diagnose/diagnose.ts';
import type { FindingId, Symptom } from '../../engine/diagnose/finding.ts';
import { placeOf, run } from '../host/scripts.ts';

/** The first lines of every script here; what follows begins on line 3. */
export const HEAD = `import { nn, optim, F, tensor, randn, randint, ones, zeros, noGrad, manualSeed } from 'gradlens';
manualSeed(1);
`;

/** A loop that trains `model` on `x` and `y` with the loss of `loss`. */
export const trained = (
  model: string,
  { steps = 60, lr = '0.05', loss = 'model(x).sub(y).square().mean()', data = '' } = {},
) => `${HEAD}
const [x, y] = [randn([64, 8]), randn([64, 1])];
${data}
${model}
const optimizer = new optim.SGD(model.parameters().filter((p) => p.requiresGrad), { lr: ${lr} });
for (let step = 0; step < ${steps}; step++) {
  optimizer.zeroGrad();
  const loss = ${loss};
  loss.backward();
  optimizer.step();
}
`;

export const deep = (activation: string, depth: number, width = 16, init = '') => `
class Deep extends nn.Module {
  input = new nn.Linear(8, ${width});
  hidden = new nn.ModuleList(Array.from({ length: ${depth} }, () => new nn.Linear(${width}, ${width})));
  output = new nn.Linear(${width}, 1);
  forward(x) {
    let h = ${activation.replace('·', 'this.input(x)')};
    for (const layer of this.hidden) h = ${activation.replace('·', 'layer(h)')};
    return this.output(h);
  }
}
const model = new Deep();
${init}
`;

export const HE = `for (const [name, p] of model.namedParameters())
  if (name.endsWith('weight')) nn.init.kaimingNormal_(p, { nonlinearity: 'relu' });
  else noGrad(() => p.fill_(0));`;

export const RESIDUAL = `
class Block extends nn.Module {
  a = new nn.Linear(16, 16);
  b = new nn.Linear(16, 16);
  forward(x) {
    return x.add(this.b(this.a(x).relu()));
  }
}
const model = new nn.Sequential(new nn.Linear(8, 16), ...Array.from({ length: 8 }, () => new Block()), new nn.Linear(16, 1));`;

/** A cell with gates, over 20 steps of time. */
export const GATED = `
class Gated extends nn.Module {
  update = new nn.Linear(8, 8);
  candidate = new nn.Linear(8, 8);
  readout = new nn.Linear(8, 1);
  forward(x) {
    let h = zeros([x.shape[0], 8]);
    for (let t = 0; t < 20; t++) {
      const z = this.update(x.add(h)).sigmoid();
      h = z.mul(h).add(z.neg().add(1).mul(this.candidate(x.add(h)).tanh()));
    }
    return this.readout(h);
  }
}
const model = new Gated();`;

/** The same, with a readout at every step of time; the gradient grows in the readout, but side by side. */
export const READOUT = GATED.replace('let h = zeros', 'const outputs = [];\n    let h = zeros')
  .replace(/(candidate\(.*\n)/, '$1      outputs.push(this.readout(h));\n')
  .replace('return this.readout(h)', 'return outputs.reduce((sum, output) => sum.add(output)).div(20)')
  .replace('const model = new Gated();', 'const model = new Gated();\nnoGrad(() => model.readout.weight.mul_(4));');

/** A generator and its critic, each zeroed before its own pass. */
export const GAN = `${HEAD}const generator = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 2));
const critic = new nn.Sequential(new nn.Linear(2, 8), new nn.ReLU(), new nn.Linear(8, 1));
const [g, c] = [new optim.Adam(generator.parameters()), new optim.Adam(critic.parameters())];
const bce = new nn.BCEWithLogitsLoss();
for (let step = 0; step < 40; step++) {
  c.zeroGrad();
  const fake = generator(randn([32, 2]));
  bce(critic(randn([32, 2]).add(2)), ones([32, 1])).add(bce(critic(fake.detach()), zeros([32, 1]))).backward();
  c.step();
  g.zeroGrad();
  bce(critic(fake), ones([32, 1])).backward();
  g.step();
}
`;

/** What is found in a script that runs to its end, with the strength of its evidence. */
export async function findingsOf(text: string): Promise<Symptom[]> {
  const { run: run_ } = await run(text);
  expect(run_.error).toBeNull();
  return examine(run_);
}

/** The one finding of an id; fails with what was found instead. */
export async function findingOf(id: FindingId, text: string): Promise<Symptom> {
  const findings = await findingsOf(text);
  expect(findings.map((finding) => finding.id)).toContain(id);
  return findings.find((finding) => finding.id === id) as Symptom;
}

/** Line of the first place in a script that contains a text, from 1. */
export const lineOf = (script: string, text: string): number =>
  script.split('\n').findIndex((line) => line.includes(text)) + 1;

export const lineOfSite = ({ site }: Symptom): number => Number(placeOf(site)?.split(':')[1]);
