import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import { declarationOf } from '../../source/scope.ts';
import type { Call } from './dialect.ts';
import { type Source, within } from './source.ts';

const NUMBERS = new Set(['number', 'float', 'integer']);
const NAMES = new Set(['identifier', 'shorthand_property_identifier']);

/**
 * The number that an expression is, or that the same text gives to what it names: a variable, a parameter's default, an
 * entry of a dictionary, a field, an option of the command line. Null where there's none, or several that may be meant.
 */
export function numberOf(source: Source, node: Node): Node | null {
  if (NUMBERS.has(node.type)) return node;
  if (NAMES.has(node.type)) return literal(valueGiven(source, node)) ?? ofParameter(source, node);
  const entry = entryOf(node);
  if (!entry) return null;
  if (entry.object.text === source.dialect.self) return ofField(source, node, entry.key);
  const value = valueGiven(source, entry.object);
  return literal(value && inDictionary(value, entry.key)) ?? ofOption(source, value, entry.key);
}

const literal = (node: Node | null | undefined): Node | null => (node && NUMBERS.has(node.type) ? node : null);

/** What a variable is given, if it is given one value only. */
function valueGiven(source: Source, name: Node): Node | null {
  if (!source.isPython) return declarationOf(name)?.childForFieldName('value') ?? null;
  return theOnly(assignmentsTo(source.root, name.text));
}

/** What a name (`lr`, `self.lr`) is given below a node of a Python text, or in assignments of the other languages. */
const assignmentsTo = (root: Node, name: string): Node[] =>
  ['assignment', 'assignment_expression'].flatMap((type) =>
    descendantsOf(root, type).flatMap((node) => {
      const value = node.childForFieldName('left')?.text === name ? node.childForFieldName('right') : null;
      return value ? [value] : [];
    }),
  );

const theOnly = <T>(all: readonly T[]): T | null => (all.length === 1 ? all[0] : null);

/** `config.lr`, `config["lr"]`: the object and the key. */
function entryOf(node: Node): { readonly object: Node; readonly key: string } | null {
  const object = node.childForFieldName('object') ?? node.childForFieldName('value');
  const key =
    node.childForFieldName('attribute') ??
    node.childForFieldName('property') ??
    node.childForFieldName('index') ??
    node.childForFieldName('subscript');
  if (!object || !key || !/^(?:attribute|member_expression|subscript|subscript_expression)$/.test(node.type))
    return null;
  return { object, key: unquoted(key) };
}

const unquoted = ({ text }: Node) => text.replace(/^["'`]|["'`]$/g, '');

function inDictionary(value: Node, key: string): Node | null {
  if (value.type !== 'dictionary' && value.type !== 'object') return null;
  const pair = childrenOf(value).find((child) => {
    const own = child.childForFieldName('key');
    return own !== null && unquoted(own) === key;
  });
  return pair?.childForFieldName('value') ?? null;
}

/** `self.lr`, which the class gives itself once. */
function ofField(source: Source, node: Node, key: string): Node | null {
  const own = source.classOf(node);
  const given = own && theOnly(assignmentsTo(own, `${source.dialect.self}.${key}`));
  return given ? numberOf(source, given) : null;
}

/** Of what `parse_args()` or a class of settings gives: the option's default, or the field's. */
function ofOption(source: Source, value: Node | null, key: string): Node | null {
  const made = source.dialect.callOf(value);
  const given = made && literal([...made.named].find(([name]) => name === camel(key))?.[1]);
  if (given) return given;
  const settings = made && descendantsOf(source.root, 'class_definition').find((node) => nameOf(node) === made.name);
  if (settings) return literal(theOnly(assignmentsTo(settings, key)));
  const options = source.calls.filter(
    ({ name, positional }) =>
      name === 'addArgument' && positional.some((flag) => camel(unquoted(flag).replace(/^--/, '')) === camel(key)),
  );
  return literal(theOnly(options)?.named.get('default'));
}

const camel = (name: string) => name.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
const nameOf = (node: Node | null) => node?.childForFieldName('name')?.text ?? '';

/** A parameter: what the function is called with, or its default where no call gives it anything. */
function ofParameter(source: Source, name: Node): Node | null {
  const around = source.functionOf(name);
  const parameters = childrenOf(around?.childForFieldName('parameters') ?? null);
  const at = parameters.findIndex((parameter) => parameterName(parameter) === name.text);
  if (!around || at < 0) return null;
  const owner = source.classOf(around);
  const isMaker = /^(?:__init__|constructor)$/.test(nameOf(around));
  const called = isMaker ? nameOf(owner) : nameOf(around);
  const self = source.isPython && owner ? 1 : 0;
  const given = source.calls
    .filter((call) => called !== '' && call.callee.text.split('.').at(-1) === called && !within(call.node, around))
    .map((call) => argumentOf(call, name.text, at - self));
  if (given.length === 0 || given.every((argument) => argument === null))
    return literal(parameters[at].childForFieldName('value'));
  return given.length === 1 && given[0] ? literal(given[0]) : null;
}

const parameterName = (parameter: Node): string =>
  (parameter.childForFieldName('name') ?? parameter.childForFieldName('pattern') ?? parameter).text;

const argumentOf = ({ named, positional }: Call, name: string, at: number): Node | null =>
  named.get(camel(name)) ?? positional[at] ?? null;
