import type { Node, Point, Tree } from './parser.ts';
import { declarationOf } from './scope.ts';

/** A place as run frames have it: line and column from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What stands under the cursor, and where the things it names were made. */
export interface SourceSymbol {
  /** As written: `input`, `this.hidden`, `sigmoid`. */
  readonly text: string;
  readonly start: Point;
  readonly end: Point;
  /** The call that the symbol is the name of: an operation or a layer may have been executed there. */
  readonly call: Place | null;
  /**
   * The expressions whose value it names, by the place where each was made, outermost first: for `hidden` in
   * `hidden = new ModuleList(… new Linear(…))` the list and the layers in it.
   */
  readonly made: readonly Place[];
}

const NAMES = new Set([
  'identifier',
  'property_identifier',
  'shorthand_property_identifier',
  'private_property_identifier',
]);

/** The symbol at a position, which may be right behind it; null where no name stands. */
export function symbolAt(tree: Tree, { row, column }: Point): SourceSymbol | null {
  const node = nameAt(tree, { row, column }) ?? nameAt(tree, { row, column: Math.max(0, column - 1) });
  if (!node) return null;
  const value = valueNamed(node);
  return {
    text: node.text,
    start: node.startPosition,
    end: node.endPosition,
    call: isCallee(node) ? place(node.startPosition) : null,
    made: value ? madeIn(value) : [],
  };
}

function nameAt(tree: Tree, position: Point): Node | null {
  const node = tree.rootNode.namedDescendantForPosition(position);
  return node && NAMES.has(node.type) ? node : null;
}

const place = ({ row, column }: Point): Place => ({ line: row + 1, column: column + 1 });

/** True for `f` in `f(x)` and for `m` in `a.m(x)`. */
function isCallee(node: Node): boolean {
  const parent = node.parent;
  const callee =
    parent?.type === 'member_expression' && same(parent.childForFieldName('property'), node) ? parent : node;
  return callee.parent?.type === 'call_expression' && same(callee.parent.childForFieldName('function'), callee);
}

/** The expression whose value a name stands for, found in the text alone. */
function valueNamed(node: Node): Node | null {
  const parent = node.parent;
  if (!parent) return null;
  switch (parent.type) {
    case 'public_field_definition':
    case 'variable_declarator':
      if (same(parent.childForFieldName('name'), node)) return parent.childForFieldName('value');
      break;
    case 'assignment_expression':
      if (same(parent.childForFieldName('left'), node)) return parent.childForFieldName('right');
      break;
    case 'member_expression':
      if (same(parent.childForFieldName('property'), node)) return memberValue(parent, node.text);
      break;
    case 'for_in_statement':
      if (same(parent.childForFieldName('left'), node)) return elementOf(parent);
      break;
  }
  const declaration = declarationOf(node);
  if (!declaration) return null;
  return declaration.type === 'for_in_statement'
    ? elementOf(declaration)
    : (declaration.childForFieldName('value') ?? declaration.childForFieldName('right'));
}

/** What a loop's variable stands for is what the thing looped over was made of. */
function elementOf(loop: Node): Node | null {
  const over = loop.childForFieldName('right');
  const name = over?.type === 'member_expression' ? over.childForFieldName('property') : over;
  return name && NAMES.has(name.type) ? valueNamed(name) : over;
}

/** The value of a field: of the enclosing class for `this.name`, of class C for a variable that is `new C(…)`. */
function memberValue(member: Node, name: string): Node | null {
  const outer = member.parent;
  if (outer?.type === 'assignment_expression' && same(outer.childForFieldName('left'), member)) {
    return outer.childForFieldName('right');
  }
  const object = member.childForFieldName('object');
  const scope =
    object?.type === 'this' ? (enclosing(member, 'class_body') ?? rootOf(member)) : object && classOf(object);
  if (!scope) return null;
  for (const field of scope.descendantsOfType('public_field_definition')) {
    if (field?.childForFieldName('name')?.text === name) return field.childForFieldName('value');
  }
  for (const assignment of scope.descendantsOfType('assignment_expression')) {
    const left = assignment?.childForFieldName('left');
    const isField = left?.type === 'member_expression' && left.childForFieldName('object')?.type === 'this';
    if (isField && left.childForFieldName('property')?.text === name)
      return assignment?.childForFieldName('right') ?? null;
  }
  return null;
}

/** The class of the file that a variable is an instance of, if it was made by `new`. */
function classOf(object: Node): Node | null {
  const made = object.type === 'identifier' ? declarationOf(object)?.childForFieldName('value') : null;
  const name = made?.type === 'new_expression' ? made.childForFieldName('constructor')?.text : undefined;
  if (name === undefined) return null;
  const classes = rootOf(object).descendantsOfType(['class_declaration', 'class']);
  return classes.find((node) => node?.childForFieldName('name')?.text === name) ?? null;
}

/**
 * The places at which the calls and constructions in an expression are recorded, outermost first: the name of the
 * method for `a.m(x)`, the start for `f(x)` and for `new C()`.
 */
function madeIn(expression: Node): Place[] {
  const places: Place[] = [];
  const visit = (node: Node) => {
    if (node.type === 'new_expression') places.push(place(node.startPosition));
    if (node.type === 'call_expression') {
      const callee = node.childForFieldName('function');
      const name = callee?.type === 'member_expression' ? callee.childForFieldName('property') : callee;
      if (name) places.push(place(name.startPosition));
    }
    for (const child of node.namedChildren) if (child) visit(child);
  };
  visit(expression);
  return places;
}

const same = (a: Node | null, b: Node | null): boolean => a !== null && b !== null && a.id === b.id;

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
