import type { Node } from './parser.ts';

/**
 * The declaration or assignment that gave a variable the value it has at a reference, as far as the text tells: the
 * last one before the reference in the nearest scope that declares the name. A `variable_declarator`, an
 * `assignment_expression` or a `for_in_statement`; null for parameters, imports and what isn't declared.
 */
export function declarationOf(reference: Node): Node | null {
  const name = reference.text;
  for (let scope = reference.parent; scope; scope = scope.parent) {
    if (scope.type === 'for_in_statement' && scope.childForFieldName('left')?.text === name) return scope;
    if (declaresParameter(scope, name)) return lastAssignment(scope, name, reference);
    const declarator = declaratorIn(scope, name);
    if (declarator) return lastAssignment(scope, name, reference) ?? declarator;
  }
  return null;
}

/** A declaration directly in this scope, not in blocks within it. */
function declaratorIn(scope: Node, name: string): Node | null {
  for (const statement of scope.namedChildren) {
    const declaration = statement?.type === 'export_statement' ? statement.childForFieldName('declaration') : statement;
    if (declaration?.type !== 'lexical_declaration' && declaration?.type !== 'variable_declaration') continue;
    for (const declarator of declaration.namedChildren) {
      const target = declarator?.childForFieldName('name');
      if (!target) continue;
      const names =
        target.type === 'identifier'
          ? [target]
          : target.descendantsOfType(['identifier', 'shorthand_property_identifier_pattern']);
      if (names.some((n) => n?.text === name)) return declarator;
    }
  }
  return null;
}

function declaresParameter(scope: Node, name: string): boolean {
  const parameters = scope.childForFieldName('parameters') ?? scope.childForFieldName('parameter');
  if (!parameters) return false;
  return parameters.text === name || parameters.descendantsOfType('identifier').some((n) => n?.text === name);
}

/** The last assignment to the name that ends before the reference. */
function lastAssignment(scope: Node, name: string, reference: Node): Node | null {
  let last: Node | null = null;
  for (const assignment of scope.descendantsOfType('assignment_expression')) {
    if (!assignment || assignment.endIndex > reference.startIndex) continue;
    if (assignment.childForFieldName('left')?.text === name) last = assignment;
  }
  return last;
}
