import type { Node } from '../../source/parser.ts';
import { operandOf } from './activation.ts';
import type { Call } from './dialect.ts';
import { bare, type Division, divisionsIn } from './division.ts';
import { assignedIn } from './modelClass.ts';
import { type Source, same } from './source.ts';
import { SIMPLE } from './unwrapped.ts';
import { isChangedInPlace, valuesOf } from './values.ts';

/** Where a softmax is taken: by its name, or written by hand as exp(z) / Σ exp(z). */
export interface Softmax {
  readonly node: Node;
  /** The same by its name; null where it is. */
  readonly plain: string | null;
  /** Its logarithm in one. */
  readonly logged: string;
  /** Of one by hand, the statement that gives a variable to the exponentials. */
  readonly exponentials: Node | null;
}

export const softmaxesIn = (source: Source): Softmax[] => [
  ...source.calls.flatMap((call) => byName(source, call) ?? []),
  ...divisionsIn(source).flatMap((division) => byHand(source, division) ?? []),
];

function byName({ text, dialect }: Source, { name, node, callee, receiver }: Call): Softmax | null {
  if (name !== 'softmax' || !receiver) return null;
  const before = text.slice(node.startIndex, callee.endIndex - name.length);
  const logged = before + dialect.spell('logSoftmax') + text.slice(callee.endIndex, node.endIndex);
  return { node, plain: null, logged, exponentials: null };
}

function byHand(source: Source, { node, dividend, divisor }: Division): Softmax | null {
  const sum = summedIn(source, bare(divisor));
  const above = exponentOf(source, bare(dividend));
  const below = exponentOf(source, sum?.of ?? null);
  if (!sum || !above || above.scores.text !== below?.scores.text) return null;
  const { scores, statement } = above;
  const given = SIMPLE.test(scores.type) ? scores.text : `(${scores.text})`;
  const by = (name: string) => `${given}.${source.dialect.spell(name)}(${sum.dimension})`;
  return { node, plain: by('softmax'), logged: by('logSoftmax'), exponentials: statement };
}

interface Sum {
  readonly of: Node | null;
  /** As it's written. */
  readonly dimension: string;
}

/** `e.sum(1, keepdim=True)`, `torch.sum(e, dim=1, keepdim=True)`, `e.sum(1).unsqueeze(1)`. */
function summedIn(source: Source, node: Node | null): Sum | null {
  const call = source.dialect.callOf(node);
  const isBack = call?.name === 'unsqueeze';
  const sum = isBack ? source.dialect.callOf(bare(call.receiver)) : call;
  if (sum?.name !== 'sum') return null;
  // `e.sum(…)` begins with the dimension, `torch.sum(e, …)` with what is summed
  const isMethod = exponentOf(source, bare(sum.receiver)) !== null;
  const [of, dim] = isMethod ? [sum.receiver, sum.positional[0]] : sum.positional;
  const dimension = sum.named.get('dim') ?? dim;
  if (!dimension || !/^(?:number|integer|unary\w*|identifier)$/.test(dimension.type)) return null;
  const keeps = isBack
    ? call.positional[0]?.text === dimension.text
    : (sum.named.get('keepdim') ?? sum.positional.at(-1))?.text.toLowerCase() === 'true';
  const isNamed = source.isPython && sum.named.has('dim');
  return keeps ? { of: bare(of ?? null), dimension: `${isNamed ? 'dim=' : ''}${dimension.text}` } : null;
}

/** Of exp(z), or of a variable in the same block that is given it, z. */
function exponentOf(
  source: Source,
  node: Node | null,
): { readonly scores: Node; readonly statement: Node | null } | null {
  const call = source.dialect.callOf(node);
  if (call) {
    const scores = call.name === 'exp' ? bare(operandOf(call)) : null;
    return scores && { scores, statement: null };
  }
  if (node?.type !== 'identifier' || isChangedInPlace(source, node.text)) return null;
  const [value, ...others] = valuesOf(source, node);
  const statement = value && source.statementOf(value);
  if (!statement || others.length || !same(assignedIn(statement)?.value, value)) return null;
  const inner = same(statement.parent, source.statementOf(node).parent) ? exponentOf(source, value) : null;
  return inner && { ...inner, statement };
}
