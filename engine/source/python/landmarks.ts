import type { Landmarks } from '../landmarks.ts';
import { childrenOf, descendantsOf, type Node, type Tree } from '../parser.ts';

/** A cheap look before parsing: only a script that imports torch (or what stands on it) has landmarks. */
export const isPythonScript = (text: string): boolean =>
  /^[ \t]*(?:import|from)\s+(?:torch|lightning|pytorch_lightning|transformers)\b/m.test(text);

export function pythonLandmarks(tree: Tree): Landmarks {
  const models = descendantsOf(tree.rootNode, 'class_definition').flatMap((node) => {
    const name = node.childForFieldName('name');
    const parents = childrenOf(node.childForFieldName('superclasses'));
    return name && parents.some(({ text }) => /(?:^|\.)(?:Lightning)?Module$/.test(text))
      ? [{ name: name.text, line: lineOf(node) }]
      : [];
  });
  const backward = descendantsOf(tree.rootNode, 'call').find((call) => {
    const callee = call.childForFieldName('function');
    return callee?.type === 'attribute' && callee.childForFieldName('attribute')?.text === 'backward';
  });
  const loop = backward ? outermostLoop(backward) : null;
  return { models, trainingLoop: loop ? lineOf(loop) : null };
}

function outermostLoop(node: Node): Node | null {
  let loop: Node | null = null;
  for (let at = node.parent; at; at = at.parent)
    if (at.type === 'for_statement' || at.type === 'while_statement') loop = at;
  return loop;
}

const lineOf = (node: Node) => node.startPosition.row + 1;
