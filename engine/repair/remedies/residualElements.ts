import { childrenOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { isActivationModule } from '../source/activation.ts';
import type { Call } from '../source/dialect.ts';
import { importOf } from '../source/imports.ts';
import { isInPart, type Layer } from '../source/model.ts';
import { appendedTo, namedElement } from '../source/sequence.ts';
import { insertion, type Source } from '../source/source.ts';
import { keepsShape, projectionOf } from './projection.ts';

/** `Linear, Tanh` in a sequence becomes `Residual(Linear, Tanh)`. */
export function aroundElements(layer: Layer, hidden: readonly Layer[]): TextEdit[] {
  const { source, call, element, following } = layer;
  const at = following?.findIndex((node) => isActivationModule(source.dialect.callOf(node))) ?? -1;
  if (!following || at < 0) return [];
  const behind = following.slice(0, at + 1);
  const keeps = keepsShape(layer);
  // the first is left out, but for one that a loop makes, which is others, too
  const isFirst = hidden.find((other) => other.source === source && !isInPart(other)) === layer;
  const isMadeOnce = source.around(call.node, source.dialect.loops) === null;
  const projection = keeps || (isFirst && isMadeOnce) ? null : projectionOf(layer, importOf(source, 'nn').name);
  if (!keeps && !projection) return [];
  const brackets = bracketsOf(source, projection);
  if (namedElement(element)) return aroundNamed(layer, behind, brackets);
  if (appendedTo(source, element)?.positional.length === 1) return aroundAppended(layer, behind, brackets);
  return [
    insertion(element.startIndex, brackets.open),
    ...gaps(source, [element, ...behind]),
    insertion((behind.at(-1) ?? element).endIndex, brackets.close),
  ];
}

/** What is written before and behind what a connection goes around. */
interface Brackets {
  readonly open: string;
  readonly close: string;
}

function bracketsOf({ isPython }: Source, projection: string | null): Brackets {
  if (isPython) return { open: 'Residual(', close: `${projection ? `, skip=${projection}` : ''})` };
  return { open: 'new Residual([', close: `]${projection ? `, ${projection}` : ''})` };
}

/** What is put into one pair of brackets comes onto one line, unless comments stand between. */
function gaps(source: Source, elements: readonly Node[]): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const [i, next] of elements.slice(1).entries()) {
    const [start, end] = [elements[i].endIndex, next.startIndex];
    if (/^,\s*\n\s*$/.test(source.text.slice(start, end))) edits.push({ start, end, newText: ', ' });
  }
  return edits;
}

/** `("a", Linear), ("b", Tanh)` becomes `("a", Residual(Linear, Tanh))`, where nobody asks for either by its name. */
function aroundNamed({ source, call }: Layer, behind: readonly Node[], { open, close }: Brackets): TextEdit[] {
  const pairs = [call.node, ...behind].map(namedElement);
  const last = pairs.at(-1);
  const names = pairs.map((pair) => pair?.firstNamedChild?.text.slice(1, -1));
  const asked = new RegExp(`\\.(?:${names.join('|')})\\b|["'](?:${names.join('|')})\\.`);
  if (!last || !names.every((name) => /^\w+$/.test(name ?? '')) || asked.test(source.text)) return [];
  const replaced = { start: call.node.endIndex, end: last.endIndex };
  if (source.text.slice(replaced.start, replaced.end).includes('#')) return []; // comments would be lost
  const moved = behind.map(({ text }) => `, ${text}`).join('');
  return [insertion(call.node.startIndex, open), { ...replaced, newText: `${moved}${close})` }];
}

/** `append(Linear)`, and in the next statement `append(Tanh)`, becomes `append(Residual(Linear, Tanh))`. */
function aroundAppended({ source, element }: Layer, behind: readonly Node[], { open, close }: Brackets): TextEdit[] {
  const owners = behind.map((node) => source.dialect.callOf(node.parent?.parent ?? null));
  const isAlone = (owner: Call | null) => owner !== null && childrenOf(owner.list).length === 1;
  if (!owners.every(isAlone)) return [];
  const moved = behind.map(({ text }) => `, ${text}`).join('');
  return [
    insertion(element.startIndex, open),
    insertion(element.endIndex, `${moved}${close}`),
    ...behind.map((node) => source.without(source.statementOf(node))),
  ];
}
