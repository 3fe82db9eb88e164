import { gradientNorm, layerGroups } from '../run/groups.ts';
import type { Run } from '../run/run.ts';
import type { Finding } from './finding.ts';
import { number, place } from './phrases.ts';
import type { Rule } from './rule.ts';

/** Decided, not guessed: a value is finite or it isn't. */
export const nonFinite: Rule = {
  id: 'non-finite',
  source: 'exact: the first operation whose output is not finite while its inputs are',
  examine(run) {
    const groups = layerGroups(run);
    for (const step of run.history.steps) {
      const layers = groups.filter((group) => gradientNorm(run, step, group) === Infinity);
      // Statistics are kept in single precision: a finite loss is told apart from one that isn't by itself.
      const lossBroke = run.nonFinite !== null && run.nonFinite.step <= step.step;
      if (layers.length === 0 && !lossBroke) continue;
      const birth = lossBroke ? bornInForward(run) : null;
      return {
        id: 'non-finite',
        severity: 'error',
        confidence: 1,
        layers: layers.map((group) => group.name),
        parameters: layers.flatMap((group) => group.parameters.map((p) => p.name)),
        ...place([...(birth ? [birth.site] : []), ...layers.map((group) => group.site)]),
        step: step.step,
        cause: birth?.cause ?? 'backward-overflow',
        evidence:
          birth?.evidence ??
          `At step ${step.step} the gradient of ${layers[0].name} is not finite, while the loss still is (${number(step.loss)}).`,
        remedies: [
          { id: 'learning-rate', title: 'Lower the learning rate, or warm it up', edit: null },
          { id: 'clip', title: 'Clip the gradient’s norm before the update', edit: null },
        ],
      } satisfies Finding;
    }
    return null;
  },
};

function bornInForward({ nonFinite: birth }: Run): Pick<Finding, 'site' | 'cause' | 'evidence'> | null {
  if (!birth) return null;
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
