import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { withoutElements } from '../source/elements.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, same } from '../source/source.ts';
import { givenRate, USUAL_ADAPTIVE_RATE, written, writtenRate } from './learningRate.ts';
import { theOptimizer } from './optimizer.ts';
import type { SourceRemedy } from './remedy.ts';

/** What gradient descent has and Adam hasn't. */
const DESCENT_ONLY = ['momentum', 'dampening', 'nesterov'];
/** `SGD(params, lr, momentum, dampening, weight_decay)`: what stands behind these would be another option of Adam. */
const BEFORE_DECAY = 4;

/** Adam at its usual rate, which is the size of an update whatever the gradient's: gradients of any size are learned from. */
export const adaptive: SourceRemedy = {
  id: 'adaptive-optimizer',
  title: `Use Adam, at a learning rate of ${USUAL_ADAPTIVE_RATE}`,
  edit(context) {
    const { source, call } = theOptimizer(context);
    if (call.name !== 'SGD') return refuse(`only gradient descent (SGD) is replaced, and this is ${call.name}`);
    const { positional, named } = call;
    if (positional.length > BEFORE_DECAY) return refuse('its options are given by their positions');
    if (isSpread(call)) return refuse('its options are put together elsewhere');
    const parameters = positional[0] ?? named.get('params');
    if (parameters && /[{"'](?:lr|momentum)["']?\s*:|\blr:/.test(parameters.text))
      return refuse('groups of parameters have learning rates of their own');
    const rate = givenRate(call);
    const literal = rate ? writtenRate(context, source, rate) : null;
    const dropped = DESCENT_ONLY.flatMap((name) => named.get(name) ?? []).map(optionOf);
    return [
      {
        source,
        edits: [
          ...renamed(source, call),
          ...(literal ? [replacement(literal, written(USUAL_ADAPTIVE_RATE, literal.text))] : []),
          ...withoutElements(source, [...positional.slice(2), ...dropped]),
        ],
      },
    ];
  },
};

const isSpread = ({ list }: Call): boolean =>
  childrenOf(list)
    .flatMap((argument) => (argument.type === 'object' ? childrenOf(argument) : [argument]))
    .some(({ type }) => /^(?:spread_element|list_splat|dictionary_splat)$/.test(type));

/** The whole option that has a value. */
const optionOf = (value: Node): Node =>
  /^(?:pair|keyword_argument)$/.test(value.parent?.type ?? '') ? (value.parent as Node) : value;

/** Called as it was: `optim.SGD` is `optim.Adam`; where it's imported by its own name, Adam is, too. */
function renamed(source: Source, { callee, receiver, name }: Call): TextEdit[] {
  const own = { start: callee.endIndex - name.length, end: callee.endIndex, newText: 'Adam' };
  if (receiver) return [own];
  const imports = childrenOf(source.root).filter(
    (node) => node.type === 'import_from_statement' && /^torch\.optim\b/.test(moduleOf(node)),
  );
  const imported = imports.flatMap((node) => node.childrenForFieldName('name')).filter((node) => node !== null);
  const descent = imported.find(({ text }) => text === name);
  if (!descent) return refuse('how SGD is imported is not clear');
  if (imported.some(({ text }) => text === 'Adam')) return [own];
  const isUsedElsewhere = descendantsOf(source.root, 'identifier').some(
    (node) => node.text === name && !same(node, callee) && !same(node.parent, descent),
  );
  return [own, replacement(descent, isUsedElsewhere ? `${name}, Adam` : 'Adam')];
}

const moduleOf = (node: Node): string => node.childForFieldName('module_name')?.text ?? '';
