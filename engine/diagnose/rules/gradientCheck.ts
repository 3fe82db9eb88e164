import { aboutLayers, remedy } from '../about.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** A user's own backward was checked as it was first used; see engine/probe/customFunctions.ts for what is let pass. */
export const gradientCheckFailed: Rule = {
  id: 'gradient-check-failed',
  source: 'central differences, as in torch.autograd.gradcheck, along random directions',
  needs: { facts: ['gradient-check'], steps: 1 },
  examine(run) {
    const [first] = run.gradientChecks;
    if (!first) return null;
    const { analytic, numeric, argument, step } = first;
    return {
      id: 'gradient-check-failed',
      severity: 'error',
      strength: 'strong',
      ...aboutLayers(run, [first.layer], first.site),
      step,
      cause: 'wrong-backward',
      evidence: `The backward of ${first.function} gives ${number(analytic)} for the derivative by argument ${argument} along one direction; differences of its forward give ${number(numeric)}.`,
      remedies: [
        remedy('backward', `Correct the backward of ${first.function}; autograd.gradcheck tells element by element`),
      ],
    };
  },
};
