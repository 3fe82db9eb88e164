import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Call } from '../source/dialect.ts';
import { optimizersOf } from '../source/loop.ts';
import { assignedIn, modelClasses } from '../source/modelClass.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source, same, within } from '../source/source.ts';
import { collect } from './layers.ts';
import type { Context, SourceRemedy } from './remedy.ts';

/** Lets weights be trained that the text freezes, all of them or those of the finding's layers. */
export const unfreeze: SourceRemedy = {
  id: 'unfreeze',
  title: 'Train these layers as well',
  causes: ['frozen'],
  edit(context) {
    const all = context.sources.flatMap(freezingIn);
    if (all.length === 0) return refuse('nothing in the text freezes weights');
    const meant = all.filter((freezing) => concerns(freezing, context));
    if (meant.length === 0) return refuse('what the text freezes are other layers');
    const thawed = meant.find(({ source, node }) => thawsIn(source).some((other) => other.inLoop(node)));
    if (thawed) refuse('these weights are frozen for a time only, and then trained');
    const thawing = meant.flatMap((freezing) => removed(freezing).map((edit) => ({ source: freezing.source, edit })));
    return collect([...thawing, ...widened(meant, context)]);
  },
};

/** A place that freezes something. */
interface Freezing {
  readonly source: Source;
  /** The call, or the assignment. */
  readonly node: Node;
  /** What is frozen: a layer or a parameter. */
  readonly subject: Node;
  /** Behind a call that does something else as well: only this part goes. */
  readonly suffix: TextEdit | null;
}

const METHOD = 'requiresGrad_';
const FIELD = /\.(?:requiresGrad|requires_grad)$/;
const PATH = /^(?:identifier|this|attribute|member_expression|subscript|subscript_expression)$/;

function freezingIn(source: Source): Freezing[] {
  const calls = source.calls.flatMap((call): Freezing[] => {
    const given = call.positional[0] ?? call.named.get('requiresGrad');
    // what a function is told is for who calls it to say
    const isCondition = given !== undefined && !/^(?:identifier|true)$/i.test(given.type);
    if (call.name !== METHOD || !call.receiver || !isCondition) return [];
    const { node, receiver } = call;
    const isPlain = PATH.test(receiver.type) && isWholeStatement(source, node);
    const suffix = isPlain ? null : { start: receiver.endIndex, end: node.endIndex, newText: '' };
    return [{ source, node, subject: receiver, suffix }];
  });
  const assignments = assignmentsIn(source).flatMap(({ node, left, right }): Freezing[] => {
    const subject = left.childForFieldName('object');
    // `p.requires_grad = "head" in name` freezes all others
    const freezes = right !== null && !/^(?:identifier|true)$/i.test(right.type);
    return FIELD.test(left.text) && subject && freezes ? [{ source, node, subject, suffix: null }] : [];
  });
  return [...calls, ...assignments];
}

function assignmentsIn(source: Source) {
  const type = source.isPython ? 'assignment' : 'assignment_expression';
  return descendantsOf(source.root, type).flatMap((node) => {
    const left = node.childForFieldName('left');
    return left ? [{ node, left, right: node.childForFieldName('right') }] : [];
  });
}

/** Where the text lets something be trained again that was frozen, in the same loop over steps. */
function thawsIn(source: Source): { inLoop(node: Node): boolean }[] {
  const calls = source.calls.filter(
    ({ name, positional: [given] }) => name === METHOD && /^true$/i.test(given?.text ?? ''),
  );
  const assigned = assignmentsIn(source).filter(
    ({ left, right }) => FIELD.test(left.text) && /^true$/i.test(right?.text ?? ''),
  );
  const loopAround = (node: Node): Node | null => {
    const own = source.around(node, source.dialect.loops);
    return own && isOverParameters(own) ? source.around(own, source.dialect.loops) : own;
  };
  return [...calls.map(({ node }) => node), ...assigned.map(({ node }) => node)].map((thaw) => ({
    inLoop: (node) => {
      const loop = loopAround(thaw);
      return loop !== null && within(node, loop);
    },
  }));
}

const isOverParameters = (loop: Node): boolean => /[pP]arameters\(/.test(loop.childForFieldName('right')?.text ?? '');

/** Alone in its statement, as an element of a list that is made for nothing else, or as what an arrow gives. */
function isWholeStatement(source: Source, node: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'expression_statement') return true;
  if (/comprehension$/.test(parent?.type ?? '')) return parent?.parent?.type === 'expression_statement';
  const around = parent?.type === 'arrow_function' ? source.dialect.callOf(parent.parent?.parent ?? null) : null;
  return around?.name === 'forEach';
}

/** Freezes layers of the finding; what isn't known to be of another model or of other layers does. */
function concerns({ source, subject, node }: Freezing, { finding, sources }: Context): boolean {
  const path = pathOf(source, subject, node);
  const [owner, ...rest] = path.split('.');
  const models = new Set(
    sources.flatMap((one) =>
      optimizersOf(one).flatMap(({ call }) => {
        const given = call.positional[0] ?? call.named.get('params');
        return given?.type === 'identifier' ? [] : descendantsOf(given ?? null, 'identifier').map(({ text }) => text);
      }),
    ),
  );
  const isModel = sources.some((one) =>
    one.calls.some(({ node: made }) => {
      const assigned = assignedIn(one.statementOf(made));
      return assigned?.name === owner && same(assigned.value, made);
    }),
  );
  // a teacher, or a target network, that no optimizer has
  if (isModel && models.size > 0 && !models.has(owner)) return false;
  const own = rest.join('.');
  if (own === '' || finding.layers.length === 0) return true;
  return finding.layers.some((layer) => {
    const names = [layer, layer.replace(/^[^.]+\./, '')];
    return names.some((name) => name === own || name.startsWith(`${own}.`) || own.startsWith(`${name}.`));
  });
}

/** An optimizer that is given a part of the model gets the whole, as the part that was frozen is to be trained, too. */
function widened(meant: readonly Freezing[], { sources }: Context) {
  const owners = new Set(meant.map(({ source, subject, node }) => pathOf(source, subject, node).split('.')[0]));
  return sources.flatMap((source) =>
    optimizersOf(source).flatMap(({ call }) => {
      const given = call.positional[0] ?? call.named.get('params');
      const asked = source.dialect.callOf(given ?? null);
      const [owner, ...part] = asked?.name === 'parameters' ? (asked.receiver?.text ?? '').split('.') : [];
      return given && owner && part.length && owners.has(owner)
        ? [{ source, edit: replacement(given, source.dialect.call(`${owner}.parameters`, [])) }]
        : [];
    }),
  );
}

/** `model.hidden.0` for `model.hidden[0].weight`, and for a parameter of a loop over those of `model.hidden[0]`. */
function pathOf(source: Source, subject: Node, node: Node): string {
  const isPath = PATH.test(subject.type);
  const names = isPath ? [subject.text] : descendantsOf(subject, 'identifier').map(({ text }) => text);
  for (let at = node.parent; at; at = at.parent) {
    const around = at;
    const over = names.map((name) => loopOver(source, around, name)).find((found) => found !== null);
    if (over) return plainPath(source, over);
  }
  return isPath || subject.type.startsWith('call') ? plainPath(source, subject) : '';
}

/** What a loop, a comprehension or `forEach` goes through, if its variable is the subject. */
function loopOver(source: Source, at: Node, name: string): Node | null {
  const names = (node: Node | null) => (node?.text.match(/[\w$]+/g) as string[] | null)?.includes(name) ?? false;
  if (/^for_(?:in_)?(?:statement|clause)$/.test(at.type) && names(at.childForFieldName('left')))
    return at.childForFieldName('right');
  if (/comprehension|generator/.test(at.type)) {
    const clause = childrenOf(at).find(({ type }) => type === 'for_in_clause');
    return clause && names(clause.childForFieldName('left')) ? clause.childForFieldName('right') : null;
  }
  const each = source.dialect.callOf(at);
  return each?.name === 'forEach' && /^\(?\s*[[\w$]/.test(each.positional[0]?.text ?? '') ? each.receiver : null;
}

/** Without calls and slices behind it. */
function plainPath(source: Source, node: Node): string {
  const call = source.dialect.callOf(node);
  if (call?.receiver) return plainPath(source, call.receiver);
  const part = /^subscript/.test(node.type) ? node.firstNamedChild : null;
  if (part && source.dialect.callOf(part)) return plainPath(source, part);
  return node.text
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/\[.*$/, '')
    .replace(/\.(?:weight|bias)$/, '')
    .replace(/^(?:self|this)\./, '·.');
}

/** The statement, and what would be empty without it: the loop, the condition, the function that does nothing else. */
function removed({ source, node, suffix }: Freezing): TextEdit[] {
  if (suffix) return [suffix];
  const { blocks, functions, loops } = source.dialect;
  let statement = source.statementOf(node);
  for (;;) {
    if (isOneOfTwo(node, statement)) refuse('there is an else to the condition');
    const block = statement.parent;
    const isEmptied = !childrenOf(block).some((child) => child.type !== 'comment' && !same(child, statement));
    const owner = block?.parent;
    if (!block || !owner || !isEmptied || !blocks.has(block.type)) return [source.without(statement)];
    if (functions.has(owner.type)) return withoutFunction(source, owner);
    if (!loops.has(owner.type) && !/^(?:if|with)_statement$/.test(owner.type))
      refuse('there is nothing else in the block around it');
    statement = source.statementOf(owner);
  }
}

function isOneOfTwo(node: Node, statement: Node): boolean {
  for (let at: Node | null = node; at && within(at, statement); at = at.parent)
    if (at.type === 'if_statement' && at.childForFieldName('alternative')) return true;
  return false;
}

/** A function that does nothing but freeze, with its calls. */
function withoutFunction(source: Source, own: Node): TextEdit[] {
  const each = source.dialect.callOf(own.parent?.parent ?? null);
  if (each?.name === 'forEach') return [source.without(source.statementOf(each.node))];
  const declared = source.statementOf(own);
  const name = own.childForFieldName('name')?.text ?? assignedIn(declared)?.name;
  const isMethod = modelClasses(source).some(({ node }) => within(own, node));
  const calls = source.calls.filter(({ callee, node }) => callee.text === name && !within(node, own));
  const statements = calls.map(({ node }) => source.statementOf(node));
  const isAlone = (call: Call, i: number) => same(statements[i].firstNamedChild, call.node);
  if (!name || isMethod || calls.length === 0 || !calls.every(isAlone))
    return refuse('a function freezes them, and where it is called is not clear');
  return [source.without(declared), ...statements.map((statement) => source.without(statement))];
}
