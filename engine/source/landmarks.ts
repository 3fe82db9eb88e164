import type { Node, Tree } from './parser.ts';

/** Lines (from 1) at which an editor offers to run a script: its models and its training loop. */
export interface Landmarks {
  readonly models: readonly { readonly name: string; readonly line: number }[];
  /** The outermost loop around the first `.backward()`. */
  readonly trainingLoop: number | null;
}

/** A cheap look before parsing: only a script that imports the engine has landmarks. */
export const isScript = (text: string): boolean => /\bfrom\s*['"]gradlens['"]|\(\s*['"]gradlens['"]\s*\)/.test(text);

export function landmarks(tree: Tree): Landmarks {
  const models = tree.rootNode.descendantsOfType('class_declaration').flatMap((node) => {
    const name = node?.childForFieldName('name');
    const parent = node?.namedChildren.find((child) => child?.type === 'class_heritage');
    return node && name && parent && /\bModule\b/.test(parent.text) ? [{ name: name.text, line: lineOf(node) }] : [];
  });
  const backward = tree.rootNode
    .descendantsOfType('property_identifier')
    .find((node) => node?.text === 'backward' && node.parent?.parent?.type === 'call_expression');
  const loop = backward && outermostLoop(backward);
  return { models, trainingLoop: loop ? lineOf(loop) : null };
}

const LOOPS = new Set(['for_statement', 'for_in_statement', 'while_statement', 'do_statement']);

function outermostLoop(node: Node): Node | null {
  let loop: Node | null = null;
  for (let at = node.parent; at; at = at.parent) if (LOOPS.has(at.type)) loop = at;
  return loop;
}

const lineOf = (node: Node) => node.startPosition.row + 1;
