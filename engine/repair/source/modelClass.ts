import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { Source } from './source.ts';

/** A class of the user's that is a model. */
export interface ModelClass {
  readonly node: Node;
  readonly name: string;
  /** What its fields are given, `self.a = …` and `a = …` alike. */
  readonly fields: ReadonlyMap<string, { readonly value: Node; readonly statement: Node }>;
  readonly forward: Node | null;
}

/** The classes of a text that extend Module. */
export function modelClasses(source: Source): ModelClass[] {
  const type = source.isPython ? 'class_definition' : 'class_declaration';
  return descendantsOf(source.root, type).flatMap((node) => {
    const parents = source.isPython
      ? node.childForFieldName('superclasses')?.text
      : childrenOf(node).find((child) => child.type === 'class_heritage')?.text;
    if (!/Module\b/.test(parents ?? '')) return [];
    const body = node.childForFieldName('body');
    const methods = childrenOf(body).map((child) =>
      child.type === 'decorated_definition' ? (child.childForFieldName('definition') ?? child) : child,
    );
    const forward = methods.find((child) => child.childForFieldName('name')?.text === 'forward') ?? null;
    return [{ node, name: node.childForFieldName('name')?.text ?? '', fields: fieldsOf(source, node), forward }];
  });
}

function fieldsOf(source: Source, model: Node) {
  const fields = new Map<string, { value: Node; statement: Node }>();
  for (const node of descendantsOf(model, 'public_field_definition')) {
    const [name, value] = [node.childForFieldName('name'), node.childForFieldName('value')];
    if (name && value) fields.set(name.text, { value, statement: node });
  }
  for (const node of descendantsOf(model, source.isPython ? 'assignment' : 'assignment_expression')) {
    const [left, value] = [node.childForFieldName('left'), node.childForFieldName('right')];
    const [owner, name, more] = left?.text.split('.') ?? [];
    if (owner !== source.dialect.self || !name || more !== undefined || !value || fields.has(name)) continue;
    fields.set(name, { value, statement: source.statementOf(node) });
  }
  return fields;
}

/** What an assignment or declaration gives to which name. */
export function assignedIn(statement: Node): { readonly name: string; readonly value: Node } | null {
  const inner = statement.type === 'expression_statement' ? statement.firstNamedChild : statement;
  const node = inner?.type.endsWith('_declaration') ? inner.firstNamedChild : inner;
  if (!/^(?:assignment|variable_declarator|public_field)/.test(node?.type ?? '')) return null;
  const name = node?.childForFieldName('left') ?? node?.childForFieldName('name');
  const value = node?.childForFieldName('right') ?? node?.childForFieldName('value');
  return name && value ? { name: name.text, value } : null;
}
