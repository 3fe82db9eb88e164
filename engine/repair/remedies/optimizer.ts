import { type Optimizer, optimizersOf } from '../source/loop.ts';
import { numberOf } from '../source/number.ts';
import { refuse } from '../source/refusal.ts';
import { replacement } from '../source/source.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** @throws Refusal where there are none or several. */
export function theOptimizer({ sources }: Context): Optimizer {
  const all = sources.flatMap(optimizersOf);
  if (all.length === 0) return refuse('no optimizer was found');
  return all.length === 1 ? all[0] : refuse('there are several optimizers: which one is meant is not clear');
}

const MOST_MOMENTUM = 0.9;

export const lessMomentum: SourceRemedy = {
  id: 'momentum',
  title: 'Use less momentum',
  edit(context) {
    const { source, call } = theOptimizer(context);
    const given = call.named.get('momentum');
    const literal = given ? numberOf(source, given) : null;
    if (!literal) return refuse('the optimizer is given no momentum that is written as a number');
    const momentum = Number(literal.text);
    if (!(momentum > 0)) return refuse('there is no momentum');
    const less = momentum > MOST_MOMENTUM ? MOST_MOMENTUM : Number((momentum / 2).toPrecision(3));
    return [{ source, edits: [replacement(literal, String(less))] }];
  },
};

/** Adam's, in the denominator beside the gradient's size; larger ones are used, but none that outweighs gradients. */
const USUAL_EPSILON = '1e-8';
const MOST_EPSILON = 1e-3;

export const lessEpsilon: SourceRemedy = {
  id: 'epsilon',
  title: 'Use the usual epsilon, which gradients outweigh',
  edit(context) {
    const { source, call } = theOptimizer(context);
    const given = call.named.get('eps');
    const literal = given ? numberOf(source, given) : null;
    if (!literal) return refuse('the optimizer is given no epsilon that is written as a number');
    if (!(Number(literal.text) > MOST_EPSILON)) return refuse('its epsilon is small already');
    return [{ source, edits: [replacement(literal, USUAL_EPSILON)] }];
  },
};
