import type { Node } from '../../source/parser.ts';
import { declarationOf } from '../../source/scope.ts';
import { type Optimizer, optimizersOf } from '../source/loop.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source } from '../source/source.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** @throws Refusal where there are none or several. */
export function theOptimizer({ sources }: Context): Optimizer {
  const all = sources.flatMap(optimizersOf);
  if (all.length === 0) return refuse('no optimizer was found');
  return all.length === 1 ? all[0] : refuse('there are several optimizers: which one is meant is not clear');
}

const NUMBERS = new Set(['number', 'float', 'integer']);

/** The number that an expression is, or that its variable was given in the same text. */
export function numberOf(source: Source, node: Node): Node | null {
  if (NUMBERS.has(node.type)) return node;
  if (node.type !== 'identifier' && node.type !== 'shorthand_property_identifier') return null;
  const value = source.isPython ? assignedOnce(source, node.text) : declarationOf(node)?.childForFieldName('value');
  return value && NUMBERS.has(value.type) ? value : null;
}

/** The value of a variable at the top of a Python text, if it is given one there and nowhere else. */
function assignedOnce(source: Source, name: string): Node | null {
  const values = source.root
    .descendantsOfType('assignment')
    .filter((node) => node?.childForFieldName('left')?.text === name);
  return values.length === 1 ? (values[0]?.childForFieldName('right') ?? null) : null;
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
