import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import { backwardsOf } from './loop.ts';
import { assignedIn, modelClasses } from './modelClass.ts';
import { type Source, same, within } from './source.ts';

/** A variable that a model is given, whole or in parts, and the statement behind which it's ready to be changed. */
export interface Variable {
  readonly name: string;
  readonly statement: Node;
  /** In a loop that trains. */
  readonly trains: boolean;
}

/** What models are given, directly or as batches of a data set. */
export interface Given {
  /** Each once, in the order of their first use. */
  readonly variables: readonly Variable[];
  /** What is worked out on the way, for one call. */
  readonly expressions: readonly Node[];
}

/** As far as the script, or the function around it, has made what it gives its models. */
export function givenIn(source: Source): Given {
  const classes = new Set(modelClasses(source).map(({ name }) => name));
  const models = new Set<string>();
  for (const { node, name } of source.calls) {
    const assigned = assignedIn(source.statementOf(node));
    const isModel = classes.has(name) || name === 'Sequential' || (name === 'Linear' && /^new|^nn/.test(node.text));
    if (isModel && assigned?.value.id === node.id && !insideClass(source, node)) models.add(assigned.name);
  }
  const direct = source.calls.filter(({ callee }) => models.has(callee.text));
  const sets = source.calls.filter(({ name, node }) => name === 'TensorDataset' && !insideClass(source, node));
  const variables = new Map<string, Variable>();
  const expressions: Node[] = [];
  for (const call of [...direct, ...sets]) {
    const { node, positional } = call;
    const [argument] = positional;
    const root = argument && rootOf(source, argument);
    const statement = root && readyAt(source, root);
    if (root && statement) {
      // of several data sets, the first is trained on
      const trains = isInTraining(source, node) || call === sets[0] || variables.get(root.text)?.trains === true;
      variables.set(root.text, { name: root.text, statement, ...variables.get(root.text), trains });
    } else if (argument && argument.type !== 'identifier') expressions.push(argument);
  }
  return { variables: [...variables.values()], expressions };
}

/** Parts of a tensor, with the same values. */
const PART =
  /^(?:slice|narrow|select|indexSelect|reshape|view|flatten|unsqueeze|to|cuda|cpu|float|double|contiguous|detach)$/;
/** Of these, those that are copies in the embedded engine. */
const COPY = /^(?:indexSelect|to|float|double|contiguous)$/;

/** The variable that is handed on, whole or in part; null of what is worked out. `use`: an expression. */
function rootOf(source: Source, use: Node): Node | null {
  if (use.type === 'identifier') {
    const whole = readyAt(source, use);
    // what is a view of another variable changes with it where that is changed in place, before it's changed itself
    const value = whole && isChangedIn(source, whole, use.text) ? null : declaredAs(source, use);
    const viewed =
      value && (whole === null || (!source.isPython && !isCopy(source, value))) ? partOf(source, value) : null;
    return (viewed && rootOf(source, viewed)) ?? (whole ? use : null);
  }
  const part = partOf(source, use);
  return part && rootOf(source, part);
}

/** Of `x[:8]`, `x.slice(0, 8)`, the tensor; null of what has other values. */
function partOf(source: Source, node: Node): Node | null {
  if (node.type === 'subscript' || node.type === 'subscript_expression')
    return node.childForFieldName('value') ?? node.childForFieldName('object');
  const call = source.dialect.callOf(node);
  return call && PART.test(call.name) ? call.receiver : null;
}

/** A statement changes a variable in place, or what a loop calls it: `for (const set of [x, y]) set.mul_(2)`. */
function isChangedIn(source: Source, statement: Node, name: string): boolean {
  const over = statement.childForFieldName('right');
  const isElement = over !== null && descendantsOf(over, 'identifier').some(({ text }) => text === name);
  const called = isElement ? statement.childForFieldName('left')?.text.replace(/^(?:const|let|var)\s+/, '') : name;
  return source.calls.some(
    ({ name: method, node }) =>
      /[a-z]_$/.test(method) && within(node, statement) && new RegExp(`^${called}\\b`).test(node.text),
  );
}

const isCopy = (source: Source, node: Node): boolean => COPY.test(source.dialect.callOf(node)?.name ?? '');

/** What a variable is given where it's declared, also as one of several: `const [x, y] = [a, b]`, `x, y = a, b`. */
function declaredAs(source: Source, use: Node): Node | null {
  const around = source.functionOf(use) ?? source.root;
  const kinds = source.isPython ? ['assignment'] : ['variable_declarator', 'assignment_expression'];
  const own = kinds
    .flatMap((kind) => descendantsOf(around, kind))
    .concat(around.id === source.root.id ? [] : kinds.flatMap((kind) => descendantsOf(source.root, kind)))
    .filter(({ endIndex }) => endIndex <= use.startIndex)
    .map((node) => ({
      left: node.childForFieldName('left') ?? node.childForFieldName('name'),
      right: node.childForFieldName('right') ?? node.childForFieldName('value'),
    }))
    .findLast(({ left }) => left !== null && namesIn(left).includes(use.text));
  if (!own?.left || !own.right) return null;
  if (own.left.text === use.text) return own.right;
  const values = /^(?:array|list|tuple|expression_list)$/.test(own.right.type) ? childrenOf(own.right) : [];
  return values[namesIn(own.left).indexOf(use.text)] ?? null;
}

const namesIn = (left: Node): string[] =>
  left.type === 'identifier' ? [left.text] : childrenOf(left).map(({ text }) => text);

const isInTraining = (source: Source, node: Node): boolean => {
  const loopOf = (of: Node) => source.around(of, source.dialect.loops)?.id;
  return backwardsOf(source).some(
    (backward) => loopOf(backward.node) !== undefined && loopOf(backward.node) === loopOf(node),
  );
};

/**
 * Of the function's own statements, or else of the script's, the last one before the variable is used that gives it its
 * value or reads it: what is worked out of it, such as targets, stays as it is.
 */
function readyAt(source: Source, use: Node): Node | null {
  const last = (block: Node | null | undefined) => {
    const before = childrenOf(block ?? null).filter(
      (statement) => statement.endIndex <= use.startIndex && !same(statement, source.statementOf(use)),
    );
    const mentions = (statement: Node) =>
      declares(statement, use.text) || descendantsOf(statement, 'identifier').some(({ text }) => text === use.text);
    return before.some((statement) => declares(statement, use.text)) ? before.findLast(mentions) : undefined;
  };
  return last(source.functionOf(use)?.childForFieldName('body')) ?? last(source.root) ?? null;
}

const insideClass = (source: Source, node: Node) => modelClasses(source).some((model) => within(node, model.node));

function declares(statement: Node, name: string): boolean {
  const assigned = assignedIn(statement);
  return (
    assigned !== null &&
    new RegExp(`(?<![\\w.])${name}(?![\\w.:])`).test(assigned.name) &&
    !/[[.]\w*\]?$/.test(assigned.name.replace(/^[[{(].*/, ''))
  );
}
