import type { OperationFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isHidden, layerOf, seriesOf } from '../evidence/activations.ts';
import { learns } from '../evidence/progress.ts';
import { number, place, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Share of a layer's units: so many are a fault however the loss goes … */
const NEARLY_ALL = 0.95;
/** … and so many where the model doesn't learn. Trained networks with 10 to 30 % of dead units are common and healthy. */
const MOST = 0.7;
const LEARNING = 0.2;
/** Measurements at the end that must agree. */
const MEASUREMENTS = 3;

/** ReLU units that are 0 for every sample, over hundreds of samples and to the end: no gradient brings them back. */
export const deadUnits: Rule = {
  id: 'dead-units',
  source:
    'units never active (SageMaker Debugger: half of the units active < 1 % of the time; DeepDiagnosis: ≥ 70 % of outputs 0), by unit and over samples',
  needs: { facts: ['deadShare'], steps: MEASUREMENTS },
  yieldsTo: ['bad-initialization'],
  followsFrom: ['learning-rate-high', 'missing-zero-grad', 'gradient-check-failed', 'small-batch-norm'],
  examine(run) {
    const limit = learns(run, LEARNING) ? NEARLY_ALL : MOST;
    const dead = run.operations.flatMap((operation) => deadIn(run, operation, limit) ?? []);
    if (dead.length === 0) return null;
    const worst = dead.reduce((a, b) => (b.share > a.share ? b : a));
    const order = [worst, ...dead.filter((d) => d !== worst)];
    const about = aboutLayers(
      run,
      order.map(({ operation }) => layerOf(operation)),
    );
    const [name = 'relu'] = about.layers;
    const more =
      about.layers.length > 1 ? ` So it is after ${plural(about.layers.length - 1, 'other layer')}, more or less.` : '';
    return {
      id: 'dead-units',
      severity: worst.share >= NEARLY_ALL ? 'error' : 'warning',
      strength: worst.share >= NEARLY_ALL ? 'strong' : 'usual',
      ...about,
      ...(about.site ? {} : place([worst.operation.site])),
      step: worst.step,
      cause: 'dead-relu',
      evidence: `${number(100 * worst.share)} % of the units after ${name} gave 0 for every one of the last 256 samples and more, since step ${worst.step}: no gradient passes them.${more}`,
      remedies: [
        remedy('learning-rate', 'Lower the learning rate, or warm it up'),
        remedy('initialization', 'Initialize the weights to fit ReLU (He), biases with 0'),
        remedy('activation', 'Use LeakyReLU or GELU'),
        remedy('normalization', `Normalize after ${name}`),
      ],
    };
  },
};

/** Some layer's units are all 0 for every sample, to the end: no gradient passes there, which is exactly 0 before it. */
export const isCutOff = (run: Run): boolean =>
  run.operations.some((operation) => deadIn(run, operation, NEARLY_ALL) !== null);

function deadIn(run: Run, operation: OperationFrame, most: number) {
  if (operation.operation !== 'relu') return null;
  const hidden = isHidden(run, operation);
  // Without a layer it's part of the loss (a hinge), which may be 0. An answer may be 0 for many samples, not for all.
  if (!hidden && operation.layer === null) return null;
  const limit = hidden ? most : NEARLY_ALL;
  const series = seriesOf(run, operation, 'deadShare');
  const living = series.findLastIndex(({ value }) => value < limit);
  const dead = series.slice(living + 1);
  return dead.length >= MEASUREMENTS ? { operation, share: dead[dead.length - 1].value, step: dead[0].step } : null;
}
