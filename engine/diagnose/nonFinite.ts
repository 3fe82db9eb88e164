import type { NonFiniteFrame } from '../run/frame.ts';
import { layerGroups } from '../run/groups.ts';
import type { Finding } from './finding.ts';
import { number, place } from './phrases.ts';
import type { Rule } from './rule.ts';

/** Decided, not guessed: a value is finite or it isn't. */
export const nonFinite: Rule = {
  id: 'non-finite',
  source: 'exact: the first operation whose output is not finite while its inputs are',
  examine(run) {
    const { nonFiniteGradient: gradient, nonFinite } = run;
    if (!gradient && !nonFinite) return null;
    const ids = new Set(gradient?.parameters);
    const layers = layerGroups(run).filter((group) => group.parameters.some(({ id }) => ids.has(id)));
    const inForward = nonFinite && (!gradient || nonFinite.step <= gradient.step.step);
    const birth = inForward ? bornInForward(nonFinite) : null;
    const step = (inForward ? nonFinite.step : gradient?.step.step) ?? 0;
    return {
      id: 'non-finite',
      severity: 'error',
      confidence: 1,
      layers: layers.map((group) => group.name),
      parameters: layers.flatMap((group) => group.parameters.map((p) => p.name)),
      ...place([...(birth ? [birth.site] : []), ...layers.map((group) => group.site)]),
      step,
      cause: birth?.cause ?? 'backward-overflow',
      evidence:
        birth?.evidence ??
        `At step ${step} the gradient of ${layers[0]?.name ?? 'a parameter'} is not finite, while the loss still is (${number(gradient?.step.loss ?? Number.NaN)}).`,
      remedies: [
        { id: 'learning-rate', title: 'Lower the learning rate, or warm it up', edit: null },
        { id: 'clip', title: 'Clip the gradient’s norm before the update', edit: null },
      ],
    };
  },
};

function bornInForward(birth: NonFiniteFrame): Pick<Finding, 'site' | 'cause' | 'evidence'> {
  const { operation, step, value, inputs, site } = birth;
  if (inputs.length === 0) {
    return {
      site,
      cause: 'non-finite-input',
      evidence: `At step ${step} ${operation} was given ${number(Number(value))} to begin with.`,
    };
  }
  const ranges = inputs.map(({ min, max }) => `${number(min)} … ${number(max)}`).join(' and ');
  return {
    site,
    cause: 'forward-overflow',
    evidence: `At step ${step} ${operation} made ${number(Number(value))} from finite inputs (${ranges}).`,
  };
}
