import { type Node, type Pattern, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';
import type { Site } from '../site.ts';

/**
 * Finds the name that the source gives to what is made at a site: `w` for the tensor of `const w = tensor(…)`.
 * Reads the sources as they were run: types stripped, places unchanged.
 */
export class SourceNames {
  readonly #trees = new Map<string, Program | null>();
  readonly #source: (file: string) => string | undefined;

  /** `source` gives the JavaScript that runs for a file. */
  constructor(source: (file: string) => string | undefined) {
    this.#source = source;
  }

  /** The variable, field or property that the expression at `site` is assigned to; null if it has none. */
  nameAt(site: Site): string | null {
    const program = this.#program(site.file);
    if (!program) return null;
    const position = program.lineStarts[site.line - 1] + site.column - 1;
    let chain: Node[] = [];
    fullAncestor(program.tree, (node, _state, ancestors) => {
      const inside = node.start <= position && position < node.end;
      if (inside && ancestors.length >= chain.length) chain = [...ancestors];
    });
    return nameInChain(chain, position);
  }

  #program(file: string): Program | null {
    let program = this.#trees.get(file);
    if (program === undefined) {
      program = parseProgram(this.#source(file) ?? '');
      this.#trees.set(file, program);
    }
    return program;
  }
}

interface Program {
  readonly tree: Node;
  readonly lineStarts: readonly number[];
}

function parseProgram(text: string): Program | null {
  const lineStarts = [0];
  for (const { index } of text.matchAll(/\n/g)) lineStarts.push(index + 1);
  for (const sourceType of ['module', 'script'] as const) {
    try {
      return { tree: parse(text, { ecmaVersion: 'latest', sourceType, allowHashBang: true }), lineStarts };
    } catch {} // a script that isn't a module, or that acorn can't read: it then has no names
  }
  return null;
}

/** `chain` leads from the program to the innermost node at the position. */
function nameInChain(chain: readonly Node[], position: number): string | null {
  for (const node of [...chain].reverse()) {
    switch (node.type) {
      case 'VariableDeclarator': {
        const { id, init } = node as Node & { id: Pattern; init: Node | null };
        return nameInPattern(id, init, position);
      }
      case 'AssignmentExpression': {
        const { left, right } = node as Node & { left: Pattern; right: Node };
        return nameInPattern(left, right, position);
      }
      case 'PropertyDefinition':
      case 'Property': {
        const { key, value } = node as Node & { key: Node; value: Node | null };
        return isFunction(value) ? null : keyName(key);
      }
      case 'FunctionDeclaration':
      case 'MethodDefinition':
      case 'ReturnStatement':
        return null; // what a function returns has the name of no variable in it
    }
  }
  return null;
}

/** `[a, b] = [tensor(…), tensor(…)]` names by position, `x = …` by name. */
function nameInPattern(pattern: Pattern, value: Node | null, position: number): string | null {
  if (isFunction(value)) return null; // the name is the function's, not that of what it makes
  if (pattern.type === 'Identifier') return pattern.name;
  if (pattern.type === 'MemberExpression') return keyName(pattern.property);
  if (pattern.type === 'ArrayPattern' && value?.type === 'ArrayExpression') {
    const { elements } = value as Node & { elements: (Node | null)[] };
    const i = elements.findIndex((e) => e !== null && e.start <= position && position < e.end);
    const target = pattern.elements[i];
    return target ? nameInPattern(target, elements[i], position) : null;
  }
  return null;
}

const isFunction = (node: Node | null) =>
  node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';

function keyName(key: Node): string | null {
  const { name, value } = key as Node & { name?: string; value?: unknown };
  return name ?? (value === undefined ? null : String(value));
}
