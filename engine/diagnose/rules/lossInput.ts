import type { LossFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { placeKey } from '../../site.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isOverBatch } from '../evidence/call.ts';
import { areProbabilities, SUM_TOLERANCE } from '../evidence/probabilities.ts';
import { flourishes } from '../evidence/progress.ts';
import type { Symptom } from '../finding.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Batches that must show it. */
const CALLS = 3;

/** A loss is computed from something else than it takes: no logarithms of probabilities, another dimension, other shapes. */
export const lossInput: Rule = {
  id: 'wrong-loss-scale',
  source:
    'exact: what nll_loss may be given are logarithms of probabilities of the classes of each row, at most 0, and one at ln(1/C) or above; answers and targets have one shape',
  needs: { facts: ['loss', 'operation'], steps: CALLS },
  examine: (run) => noLogarithms(run) ?? overTheBatch(run) ?? everyWithEvery(run),
};

/** nllLoss was given scores or probabilities, not their logarithms. */
function noLogarithms(run: Run): Symptom | null {
  for (const calls of Map.groupBy(
    run.losses.filter(({ loss }) => loss === 'nllLoss'),
    ({ site }) => placeKey(site),
  ).values()) {
    if (calls.length < CALLS) continue;
    const probabilities = calls.every(areProbabilities);
    const call = calls.find(({ max }) => max > SUM_TOLERANCE);
    if (!call) continue;
    return {
      ...common(run, call, probabilities ? 'missing-logarithm' : 'missing-softmax'),
      // Without the logarithm the loss is the error itself, by which some learn well.
      severity: probabilities && flourishes(run) ? 'information' : 'error',
      evidence: `nllLoss expects logarithms of probabilities, which are at most 0, and was given ${probabilities ? 'probabilities' : 'scores'} in [${number(call.min)}, ${number(call.max)}]: its value (${number(call.value ?? Number.NaN)} at first) is no loss that has a lower bound${probabilities ? ' of 0' : ''}.`,
      remedies: [
        remedy(
          'log-softmax',
          probabilities ? 'Give it logSoftmax, not softmax' : 'Use crossEntropy, or give it logSoftmax',
        ),
      ],
    };
  }
  return null;
}

/** nllLoss was given logarithms of probabilities that sum to 1 over the batch, not over the classes. */
function overTheBatch(run: Run): Symptom | null {
  const [call] = run.losses;
  if (run.losses.length < CALLS || !isOverBatch(call)) return null;
  return {
    ...common(run, call, 'softmax-over-batch'),
    severity: flourishes(run) ? 'information' : 'error',
    evidence: `Of the logarithms of probabilities that nllLoss was given at first, the largest is ${number(call.max)}. One of ${call.classes} classes has ${number(-Math.log(call.classes))} at the least, so they don’t sum to 1 over the classes: softmax is taken over the ${call.rows} samples (ln ${call.rows} = ${number(Math.log(call.rows))}, and the loss is ${number(call.value ?? Number.NaN)}).`,
    remedies: [remedy('softmax-axis', 'Take the softmax over the classes: dimension 1')],
  };
}

/** Who makes a column for it means the square. */
const MAKES_A_COLUMN: ReadonlySet<string> = new Set([
  'unsqueeze',
  'reshape',
  'view',
  'transpose',
  'permute',
  'slice',
  'expand',
]);

/** A column of answers less a row of targets is a square of all their pairs: every answer is held against every target. */
function everyWithEvery(run: Run): Symptom | null {
  const written = run.losses.find(({ pairs }) => pairs);
  if (written) return heldAgainstEach(run, written);
  const difference = run.operations.find(({ id, operation, layer, shape: [n, m, ...more] }) => {
    if (operation !== 'sub' || layer !== null || more.length > 0 || !(n > 1 && n === m)) return false;
    const before = run.operations[id - 1];
    return (
      before?.shape.length === 2 &&
      before.shape[0] === n &&
      before.shape[1] === 1 &&
      !MAKES_A_COLUMN.has(before.operation)
    );
  });
  if (!difference) return null;
  const [n] = difference.shape;
  return {
    id: 'wrong-loss-scale',
    severity: 'error',
    strength: 'usual',
    ...aboutLayers(run, [difference.follows ?? answering(run, difference.id)], difference.site),
    step: 0,
    cause: 'broadcast',
    evidence: `An answer of shape [${n}, 1] less a target of shape [${n}] gives [${n}, ${n}]: every answer is held against every target, and the best answer is always the same.`,
    remedies: [
      remedy('shape', 'Give answers and targets the same shape: unsqueeze the targets, or squeeze the answers'),
    ],
  };
}

/** The same of a loss that the script writes itself. */
const heldAgainstEach = (run: Run, call: LossFrame): Symptom => ({
  ...common(run, call, 'broadcast'),
  evidence: `Answers and targets have different shapes, so that ${call.rows} are computed of them: every answer is held against every target, and the best answer is always the same.`,
  remedies: [remedy('shape', 'Give answers and targets the same shape: unsqueeze the targets, or squeeze the answers')],
});

/** The layer that gave the model's answer, before an operation. */
const answering = (run: Run, before: number): number | null =>
  run.operations.findLast(({ id, layer }) => id < before && layer !== null)?.layer ?? null;

const common = (run: Run, { site, step, layer }: LossFrame, cause: string) =>
  ({
    id: 'wrong-loss-scale',
    severity: 'error',
    strength: 'strong',
    ...aboutLayers(run, [layer], site),
    step,
    cause,
  }) as const;
