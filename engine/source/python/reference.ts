import { childrenOf, descendantsOf, type Node, type Point, type Tree } from '../parser.ts';
import { bindingOf } from './scope.ts';

/** From where to where an expression stands. */
export interface Extent {
  readonly start: Point;
  readonly end: Point;
}

/** What a name in a Python script stands for, as far as the text alone tells; a run says the rest. */
export type Reference =
  /** What is made by an expression: `nn.Linear(2, 3)`, or the layers in a list. */
  | { readonly kind: 'made'; readonly extent: Extent; readonly name: string | null }
  /** The layer, or parameter, that is an attribute or an item: `of.name`, `of[0]`. */
  | { readonly kind: 'member'; readonly of: Reference; readonly name: string; readonly fallback: Reference | null }
  /** One of many, which one can't be told: the variable of a loop, `of[i]`. */
  | { readonly kind: 'element'; readonly of: Reference }
  /** `self` in a class (or in one that inherits from it). */
  | { readonly kind: 'instance'; readonly classes: readonly string[] }
  /** What a call of a layer gives: `model(x)`. */
  | { readonly kind: 'output'; readonly of: Reference }
  /** A name whose value comes from elsewhere: a parameter of a function. */
  | { readonly kind: 'name'; readonly name: string };

/** What stands under the cursor. */
export interface PythonSymbol {
  readonly text: string;
  readonly start: Point;
  readonly end: Point;
  /** The call, if the symbol is what is called: a layer or a tensor may be made right there. */
  readonly call: Extent | null;
  /** How many calls of that name stand before it on its line, and on the whole line. */
  readonly among: { readonly index: number; readonly count: number };
  readonly reference: Reference | null;
}

/** The symbol at a position, which may be right behind it; null where no name stands. */
export function pythonSymbolAt(tree: Tree, { row, column }: Point): PythonSymbol | null {
  const at = (c: number) => {
    const node = tree.rootNode.namedDescendantForPosition({ row, column: c });
    return node?.type === 'identifier' ? node : null;
  };
  const node = at(column) ?? at(Math.max(0, column - 1));
  if (!node) return null;
  const call = callOf(node);
  return {
    text: node.text,
    start: node.startPosition,
    end: node.endPosition,
    call: call && extent(call),
    among: call ? amongCalls(tree, call, node.text) : { index: 0, count: 0 },
    reference: referenceTo(wholeName(node)),
  };
}

const extent = ({ startPosition, endPosition }: Node): Extent => ({ start: startPosition, end: endPosition });
const same = (a: Node | null, b: Node | null) => a !== null && b !== null && a.id === b.id;

/** `a.b` for its `b`, which alone means nothing. */
function wholeName(node: Node): Node {
  const { parent } = node;
  return parent?.type === 'attribute' && same(parent.childForFieldName('attribute'), node) ? parent : node;
}

function callOf(node: Node): Node | null {
  const whole = wholeName(node);
  const { parent } = whole;
  return parent?.type === 'call' && same(parent.childForFieldName('function'), whole) ? parent : null;
}

/** Before Python 3.11 a run knows lines only, so that the calls on a line have to be counted. */
function amongCalls(tree: Tree, call: Node, name: string): PythonSymbol['among'] {
  const alike = descendantsOf(tree.rootNode, 'call').filter(
    (other) => other.startPosition.row === call.startPosition.row && calleeName(other) === name,
  );
  return { index: alike.findIndex((other) => other.id === call.id), count: alike.length };
}

function calleeName(call: Node): string | null {
  const callee = call.childForFieldName('function');
  return (callee?.type === 'attribute' ? callee.childForFieldName('attribute') : callee)?.text ?? null;
}

/** A chain of assignments longer than this is a riddle. */
const DEEPEST = 24;

function referenceTo(node: Node | null, depth = 0): Reference | null {
  if (!node || depth > DEEPEST) return null;
  const next = (other: Node | null) => referenceTo(other, depth + 1);
  switch (node.type) {
    case 'identifier':
      return variable(node, next);
    case 'attribute':
      return attribute(node, next);
    case 'subscript':
      return subscript(node, next);
    case 'parenthesized_expression':
      return next(childrenOf(node)[0]);
    default:
      return null;
  }
}

type Next = (node: Node | null) => Reference | null;

function variable(node: Node, next: Next): Reference | null {
  const binding = bindingOf(node);
  if (!binding) return null;
  if (binding.kind === 'parameter') return isSelf(node) ? instance(node) : { kind: 'name', name: node.text };
  if (binding.kind === 'loop') return looped(binding.over, binding.item, next);
  const { value, item } = binding;
  if (item === null) return valueIn(value, node.text, next);
  const items = /^(expression_list|tuple|list)$/.test(value.type) ? childrenOf(value)[item] : null;
  return items ? valueIn(items, node.text, next) : { kind: 'made', extent: extent(value), name: node.text };
}

/** A value that is itself a name is that; what a layer gives is its output; anything else was made there. */
function valueIn(value: Node, name: string | null, next: Next): Reference {
  const made: Reference = { kind: 'made', extent: extent(value), name };
  if (value.type !== 'call') return next(value) ?? made;
  const callee = value.childForFieldName('function');
  const chained = callee?.type === 'attribute' && CHAINED.has(callee.childForFieldName('attribute')?.text ?? '');
  if (chained) return next(callee.childForFieldName('object')) ?? made;
  const wrapped = WRAPPERS.has(calleeName(value) ?? '') && childrenOf(value.childForFieldName('arguments'))[0];
  if (wrapped) return next(wrapped) ?? made;
  const called = callee && next(callee);
  return called ? { kind: 'output', of: called } : made;
}

/** Methods that give the module they are called on. */
const CHAINED = new Set(['to', 'cuda', 'cpu', 'double', 'float', 'half', 'train', 'eval', 'requires_grad_', 'apply']);
/** What gives, in effect, the model it is given. */
const WRAPPERS = new Set(['DataParallel', 'DistributedDataParallel', 'DDP', 'compile', 'list']);

const isSelf = (node: Node): boolean => node.text === 'self' && enclosing(node, 'class_definition') !== null;

/** The class that `self` is of, and those of the file that inherit from it. */
function instance(node: Node): Reference {
  const own = enclosing(node, 'class_definition')?.childForFieldName('name')?.text ?? '';
  const classes = [own];
  const all = descendantsOf(rootOf(node), 'class_definition');
  for (const name of classes) {
    for (const heir of all) {
      const parents = childrenOf(heir.childForFieldName('superclasses'));
      const heirName = heir.childForFieldName('name')?.text;
      if (heirName && !classes.includes(heirName) && parents.some((parent) => parent.text === name))
        classes.push(heirName);
    }
  }
  return { kind: 'instance', classes };
}

function attribute(node: Node, next: Next): Reference | null {
  const object = node.childForFieldName('object');
  const name = node.childForFieldName('attribute')?.text;
  const of = next(object);
  if (!of || name === undefined) return null;
  return { kind: 'member', of, name, fallback: of.kind === 'instance' ? fieldOf(node, name, next) : null };
}

/** `self.name = value` somewhere in the class. */
function fieldOf(node: Node, name: string, next: Next): Reference | null {
  const body = enclosing(node, 'class_definition');
  for (const assignment of descendantsOf(body, 'assignment')) {
    const value = assignment.childForFieldName('right');
    if (value && assignment.childForFieldName('left')?.text === `self.${name}`) return valueIn(value, name, next);
  }
  return null;
}

function subscript(node: Node, next: Next): Reference | null {
  const of = next(node.childForFieldName('value'));
  const index = node.childForFieldName('subscript');
  if (!of || !index) return null;
  const name = /^-?\d+$/.test(index.text) ? index.text : /^(['"])(\w+)\1$/.exec(index.text)?.[2];
  return name === undefined ? { kind: 'element', of } : { kind: 'member', of, name, fallback: null };
}

/** What a loop's variable goes through. */
function looped(over: Node, item: number | null, next: Next): Reference | null {
  const element = (node: Node | null | undefined): Reference | null => {
    const of = node && (next(node) ?? (MAKERS.test(node.type) ? valueIn(node, null, next) : null));
    return of ? { kind: 'element', of } : null;
  };
  if (over.type !== 'call') return element(over);
  const args = childrenOf(over.childForFieldName('arguments'));
  const callee = over.childForFieldName('function');
  const name = calleeName(over);
  if (name === 'enumerate') return item === 1 ? looped(args[0], null, next) : null;
  if (name === 'zip') return item === null || !args[item] ? null : looped(args[item], null, next);
  if (name === 'reversed' || name === 'list' || name === 'tuple') return looped(args[0], item, next);
  const object = callee?.type === 'attribute' ? callee.childForFieldName('object') : null;
  if (name && /^(children|modules|values)$/.test(name)) return element(object);
  if (name && /^(named_children|named_modules|items)$/.test(name)) return item === 1 ? element(object) : null;
  return null;
}

/** Loops over what is made on the spot. */
const MAKERS = /^(list|tuple|list_comprehension)$/;

function enclosing(node: Node, type: string): Node | null {
  let at: Node | null = node;
  while (at && at.type !== type) at = at.parent;
  return at;
}

function rootOf(node: Node): Node {
  let at = node;
  while (at.parent) at = at.parent;
  return at;
}
