import type { Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { operandOf } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, within } from '../source/source.ts';
import { collect } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';

/**
 * log σ(z) and log softmax(z) in one: a probability that rounds to 0 (or to 1, for log (1 − p)) has a logarithm and a
 * gradient all the same, which a clamp takes away.
 */
export const stableLog: SourceRemedy = {
  id: 'stable-logarithm',
  title: 'Take the logarithm and the sigmoid (or softmax) in one, which never meets a 0',
  edit({ sources, finding: { site } }) {
    const source = sources.find(({ file }) => file === site?.file);
    const line = source?.calls.find(({ node }) => node.startPosition.row + 1 === site?.line);
    if (!source || !line) return refuse('the operation isn’t in this text');
    const statement = source.statementOf(line.node);
    const edits = source.calls
      .filter(({ name, node }) => name === 'log' && within(node, statement))
      .flatMap((call) => inOne(source, call));
    if (edits.length === 0) refuse('no logarithm there is taken of a sigmoid or softmax');
    return collect(edits.map((edit) => ({ source, edit })));
  },
};

function inOne(source: Source, log: Call): TextEdit[] {
  const { dialect } = source;
  const operand = bare(operandOf(log));
  const inner = dialect.callOf(operand);
  if (inner?.name === 'softmax') {
    const start = inner.callee.endIndex - inner.name.length;
    const named = source.text.slice(inner.node.startIndex, start) + dialect.spell('logSoftmax');
    return [replacement(log.node, named + source.text.slice(inner.callee.endIndex, inner.node.endIndex))];
  }
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

/** Without brackets around it. */
const bare = (node: Node | null): Node | null =>
  node?.type === 'parenthesized_expression' ? bare(node.firstNamedChild) : node;

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
