import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { operandOf } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { bare } from '../source/division.ts';
import { importOf } from '../source/imports.ts';
import { assignedIn } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { type Softmax, softmaxesIn } from '../source/softmaxes.ts';
import { replacement, type Source, same, within } from '../source/source.ts';
import { usesAfter } from '../source/squashing.ts';
import { collect } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';

const IN_ONE = 'Take the logarithm and the sigmoid (or softmax) in one, which never meets a 0';

/**
 * log σ(z) and log softmax(z) in one: a probability that rounds to 0 (or to 1, for log (1 − p)) has a logarithm and a
 * gradient all the same, which a clamp takes away. A softmax by hand becomes one that subtracts the largest score first, so that
 * no exponential overflows.
 */
export const stableLog: SourceRemedy = {
  id: 'stable-logarithm',
  title: IN_ONE,
  edit({ sources, finding: { site } }) {
    const source = sources.find(({ file }) => file === site?.file);
    const row = (site?.line ?? 0) - 1;
    const line = source?.calls.find(({ node, callee }) =>
      [node.startPosition.row, callee.endPosition.row].includes(row),
    );
    if (!source || !line) return refuse('the operation isn’t in this text');
    const statement = source.statementOf(line.node);
    const edits = [
      ...source.calls
        .filter(({ name, node }) => name === 'log' && within(node, statement))
        .flatMap((call) => ofSigmoid(source, call)),
      ...outermost(softmaxesIn(source)).flatMap((softmax) => ofSoftmax(source, softmax, statement)),
    ];
    if (edits.length === 0) refuse('no logarithm there is taken of a sigmoid or softmax');
    return collect(edits.map((edit) => ({ source, edit })));
  },
  say(made) {
    const isLogged = made.some(({ edits }) => edits.some(({ newText }) => /log_?(?:softmax|sigmoid)/i.test(newText)));
    return isLogged ? IN_ONE : 'Use softmax, which subtracts the largest score before it takes exponentials';
  },
};

const outermost = (all: readonly Softmax[]): readonly Softmax[] =>
  all.filter(({ node }) => all.every((other) => same(other.node, node) || !within(node, other.node)));

/** What a softmax that has to do with a statement becomes, and what of its logarithm goes. */
function ofSoftmax(source: Source, softmax: Softmax, statement: Node): TextEdit[] {
  const own = source.statementOf(softmax.node);
  const log = logarithmOf(source, softmax.node);
  const concerned = [own, softmax.exponentials, log && source.statementOf(log.node)];
  const text = log ? softmax.logged : softmax.plain;
  if (text === null || !concerned.some((other) => same(other, statement))) return [];
  const { exponentials } = softmax;
  const unused =
    exponentials &&
    usesAfter(source, exponentials, assignedIn(exponentials)?.name ?? '').every((use) => within(use, softmax.node));
  return [
    ...(unused ? [source.without(exponentials)] : []),
    replacement(withBrackets(softmax.node), text),
    ...(log ? withoutLog(log) : []),
  ];
}

/** What picks some of the elements, of whose logarithms the same can be picked. */
const PICKING =
  /^(?:gather|select|indexSelect|take|takeAlongDim|narrow|slice|diagonal|at|(?:un)?squeeze|reshape|view|flatten)$/;

/** The logarithm that is taken of an expression: of all or some of its elements, or by way of a variable that is read but there. */
function logarithmOf(source: Source, expression: Node): Call | null {
  const node = withBrackets(expression);
  if (/^subscript/.test(node.parent?.type ?? '') && same(node.parent?.firstNamedChild, node))
    return logarithmOf(source, node.parent as Node);
  const around = node.parent?.parent ?? null;
  const call = source.dialect.callOf(node.parent?.type === 'expression_statement' ? null : around);
  if (call && isLogarithm(source, call) && same(operandOf(call), node)) return call;
  if (call && PICKING.test(call.name) && same(call.receiver, node)) return logarithmOf(source, call.node);
  const statement = source.statementOf(node);
  const assigned = assignedIn(statement);
  if (!assigned || !same(assigned.value, node)) return null;
  const uses = usesAfter(source, statement, assigned.name);
  return uses.length === 1 ? logarithmOf(source, uses[0]) : null;
}

/** `p.log()`, `log(p)`, `torch.log(p)`; and not what is told by `console.log(p)`. */
function isLogarithm({ text, isPython }: Source, { name, receiver, positional }: Call): boolean {
  if (name !== 'log') return false;
  if (!positional.length || !receiver) return true;
  if (receiver.text === 'torch') return true;
  const imported = isPython ? `import torch as ${receiver.text}\n` : `import * as ${receiver.text} from 'gradlens'`;
  return text.includes(imported);
}

function withBrackets(node: Node): Node {
  return node.parent?.type === 'parenthesized_expression' ? withBrackets(node.parent) : node;
}

/** `x` of `x.log()` and of `torch.log(x)`. */
function withoutLog(log: Call): TextEdit[] {
  const { node } = log;
  const operand = operandOf(log) ?? node;
  return [
    { start: node.startIndex, end: operand.startIndex, newText: '' },
    { start: operand.endIndex, end: node.endIndex, newText: '' },
  ].filter(({ start, end }) => end > start);
}

function ofSigmoid(source: Source, log: Call): TextEdit[] {
  const { dialect } = source;
  const operand = bare(operandOf(log));
  const rest = operand && complementOf(source, operand);
  const sigmoid = dialect.callOf(rest ?? operand);
  const logit = sigmoid?.name === 'sigmoid' ? operandOf(sigmoid) : null;
  if (!logit) return [];
  const functional = importOf(source, 'F');
  const name = source.isPython ? 'logsigmoid' : 'logSigmoid';
  return [
    ...functional.edits,
    replacement(log.node, `${functional.name}.${name}(${rest ? negated(source, logit) : logit.text})`),
  ];
}

/** Of `1 - p`, `p.neg().add(1)`, p; null of anything else. */
function complementOf({ isPython, dialect }: Source, node: Node): Node | null {
  if (isPython) {
    const [left, right] = [node.childForFieldName('left'), node.childForFieldName('right')];
    const isOneLess = node.type === 'binary_operator' && node.childForFieldName('operator')?.text === '-';
    return isOneLess && /^1(?:\.0*)?$/.test(left?.text ?? '') ? bare(right) : null;
  }
  const sum = dialect.callOf(node);
  const negative = dialect.callOf(sum?.receiver ?? null);
  return sum?.name === 'add' && sum.positional[0]?.text === '1' && negative?.name === 'neg' ? negative.receiver : null;
}

function negated({ isPython }: Source, { type, text }: Node): string {
  if (!isPython) return `${text}.neg()`;
  return /^(?:identifier|call|attribute|subscript)$/.test(type) ? `-${text}` : `-(${text})`;
}
