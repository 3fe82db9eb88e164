import type { NonFiniteFrame } from '../../run/frame.ts';
import { layerGroups } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import type { Remedy, Symptom } from '../finding.ts';
import { number, place } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Decided, not guessed: a value is finite or it isn't. */
export const nonFinite: Rule = {
  id: 'non-finite',
  source: 'exact: the first operation whose output is not finite while its inputs are',
  needs: { facts: ['gradientNonFinite', 'non-finite'], steps: 0 },
  examine(run) {
    const { nonFiniteGradient: gradient, nonFinite } = run;
    if (!gradient && !nonFinite) return null;
    const ids = new Set(gradient?.parameters);
    const layers = layerGroups(run).filter((group) => group.parameters.some(({ id }) => ids.has(id)));
    const inForward = nonFinite && (!gradient || nonFinite.step <= gradient.step.step);
    const birth = inForward ? bornAt(run, nonFinite) : null;
    const step = (inForward ? nonFinite.step : gradient?.step.step) ?? 0;
    return {
      id: 'non-finite',
      severity: 'error',
      strength: 'strong',
      layers: layers.map((group) => group.name),
      parameters: layers.flatMap((group) => group.parameters.map((p) => p.name)),
      ...place([...(birth ? [birth.site] : []), ...layers.map((group) => group.site)]),
      step,
      cause: birth?.cause ?? 'backward-overflow',
      evidence:
        birth?.evidence ??
        `At step ${step} the gradient of ${layers[0]?.name ?? 'a parameter'} is not finite, ${besides(gradient?.step.loss ?? Number.NaN)}.`,
      remedies: remedies(inForward ? nonFinite.operation : null, birth?.cause ?? ''),
    };
  },
};

/** How the loss of the step stands beside such a gradient. */
const besides = (loss: number): string =>
  Number.isFinite(loss) ? `while the loss still is (${number(loss)})` : `and nor is the loss (${number(loss)})`;

type Birth = Pick<Symptom, 'site' | 'cause' | 'evidence'>;

function bornAt(run: Run, birth: NonFiniteFrame): Birth {
  const { operation, step, value, inputs, site, backward, unseen, masked, parameter } = birth;
  const what = number(Number(value));
  const ranges = inputs.map(({ min, max }) => `${number(min)} … ${number(max)}`).join(' and ');
  if (backward) {
    const kept = ranges && ` (it had kept ${ranges})`;
    return {
      site,
      cause: 'backward-overflow',
      evidence: `At step ${step} the loss was finite (${number(lossAt(run, step))}), and the backward of ${operation}${kept} made ${what} from a finite gradient.`,
    };
  }
  if (masked) {
    const row = operation === 'softmax' ? ': of a row of which the mask left nothing' : '';
    return {
      site,
      cause: 'masked',
      evidence: `At step ${step} ${operation} made ${what} of what a mask had set to −∞${row}.`,
    };
  }
  if (parameter !== undefined && run.parameters[parameter]) {
    return {
      site,
      cause: 'backward-overflow',
      evidence: `At step ${step} ${run.parameters[parameter].name} held ${what}: the update before had put it there. That step was not measured; with a budget of 100 % every one is.`,
    };
  }
  if (inputs.length === 0 && !unseen) {
    return {
      // As with data that aren't scaled: the layer they enter first is a place that the user knows.
      site: run.layers[birth.layer ?? -1]?.site ?? site,
      cause: 'non-finite-input',
      evidence: `At step ${step} ${operation} was given ${what} to begin with.`,
    };
  }
  return {
    site,
    cause: 'forward-overflow',
    evidence: `At step ${step} ${operation} made ${what} from finite inputs${ranges && ` (${ranges})`}.`,
  };
}

const lossAt = (run: Run, step: number): number => run.history.steps.find((s) => s.step === step)?.loss ?? Number.NaN;

/** Operations that are not defined, or not finite, for some inputs. */
const GUARDS: { readonly [operation: string]: string } = {
  log: 'Keep the input of log above 0: add a small epsilon, clamp it, or use a loss that takes logits',
  log2: 'Keep the input of log2 above 0: add a small epsilon, or clamp it',
  log10: 'Keep the input of log10 above 0: add a small epsilon, or clamp it',
  log1p: 'Keep the input of log1p above −1',
  sqrt: 'Keep the input of sqrt at 0 or above',
  rsqrt: 'Keep the input of rsqrt above 0: add a small epsilon',
  div: 'Keep the divisor away from 0: add a small epsilon',
  reciprocal: 'Keep the divisor away from 0: add a small epsilon',
  pow: 'Keep the base of pow in the range where the power is defined',
  exp: 'Keep the input of exp small: subtract the largest element, or use logSoftmax',
};

function remedies(operation: string | null, cause: string): Remedy[] {
  const edit = null;
  if (cause === 'non-finite-input')
    return [
      { id: 'input', title: 'Look for NaN and infinities in the data', edit },
      { id: 'divisor', title: 'Where data are divided by their own deviation, add a small number to it', edit },
    ];
  if (cause === 'masked')
    return [
      { id: 'finite-mask', title: 'Mask with a large negative number, of which softmax can make something', edit },
    ];
  const guard = GUARDS[operation ?? ''];
  if (guard) return [{ id: 'guard', title: guard, edit }];
  return [
    { id: 'learning-rate', title: 'Lower the learning rate, or warm it up', edit },
    { id: 'clip', title: 'Clip the gradient’s norm before the update', edit },
  ];
}
