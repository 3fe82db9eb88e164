import { childrenOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import type { Source } from './source.ts';

/** Takes away an element of a list, an argument or an option, with the comma that parts it from its neighbours. */
export function withoutElement({ text }: Source, element: Node): TextEdit {
  const all = childrenOf(element.parent);
  const at = all.findIndex(({ startIndex }) => startIndex === element.startIndex);
  const [before, after] = [all[at - 1], all[at + 1]];
  if (before && before.type !== 'comment') return { start: before.endIndex, end: element.endIndex, newText: '' };
  if (after && after.type !== 'comment') return { start: element.startIndex, end: after.startIndex, newText: '' };
  // comments stay
  const end = element.endIndex + (/^\s*,[ \t]*/.exec(text.slice(element.endIndex))?.[0].length ?? 0);
  const line = text.lastIndexOf('\n', element.startIndex) + 1;
  const rest = /^[ \t]*\r?\n/.exec(text.slice(end));
  const isAlone = rest !== null && text.slice(line, element.startIndex).trim() === '';
  return isAlone
    ? { start: line, end: end + rest[0].length, newText: '' }
    : { start: element.startIndex, end, newText: '' };
}

/** The same of several; with all options of an object, the object. */
export function withoutElements(source: Source, elements: readonly Node[]): TextEdit[] {
  const isOne = (node: Node) => elements.some(({ startIndex }) => startIndex === node.startIndex);
  return elements.flatMap((element) => {
    const all = childrenOf(element.parent);
    const at = all.findIndex(({ startIndex }) => startIndex === element.startIndex);
    // of neighbours, the first takes all of them
    if (at > 0 && isOne(all[at - 1])) return [];
    const other = all.slice(at).findIndex((node) => !isOne(node));
    const to = other < 0 ? all.length : at + other;
    if (at === 0 && to === all.length) return element.parent ? [withoutElement(source, element.parent)] : [];
    if (to === at + 1) return [withoutElement(source, element)];
    return at > 0
      ? [{ start: all[at - 1].endIndex, end: all[to - 1].endIndex, newText: '' }]
      : [{ start: element.startIndex, end: all[to].startIndex, newText: '' }];
  });
}
