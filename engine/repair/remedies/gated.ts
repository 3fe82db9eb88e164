import { childrenOf, descendantsOf, type Node } from '../../source/parser.ts';
import type { TextEdit } from '../edit.ts';
import { refuse } from '../source/refusal.ts';
import { replacement, type Source } from '../source/source.ts';
import { collect } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';

/** A cell with gates, through which a gradient passes unchanged where they are open (Cho et al. 2014). */
export const gatedCell: SourceRemedy = {
  id: 'gated-cell',
  title: 'Use a gated cell (GRU)',
  edit({ sources }) {
    const edits = sources.flatMap((source) => {
      const cells = source.calls.filter(({ name }) => name === 'RNN' || name === 'RNNCell');
      const exchanged = cells.map(({ name, receiver, callee, named, positional }) => {
        if (named.has('nonlinearity') || positional.length > 2)
          return refuse('the cell is given options that a GRU doesn’t have');
        const start = receiver ? receiver.endIndex + 1 : callee.startIndex;
        return { start, end: callee.endIndex, newText: gated(name) };
      });
      const own = new Set(cells.filter(({ receiver }) => !receiver).map(({ name }) => name));
      return [...exchanged, ...[...own].flatMap((name) => imported(source, name))].map((edit) => ({ source, edit }));
    });
    if (edits.length === 0) refuse('the recurrence is written by hand: no layer of the library could be exchanged');
    return collect(edits);
  },
};

const gated = (name: string) => name.replace('RNN', 'GRU');

/** Of `from torch.nn import RNN`, GRU beside it, or in its place where it's used for nothing else. */
function imported(source: Source, name: string): TextEdit[] {
  const statements = descendantsOf(source.root, 'import_from_statement').filter(
    (node) => node.childForFieldName('module_name')?.text === 'torch.nn',
  );
  const names = statements.flatMap((node) => node.childrenForFieldName('name').filter((child) => child !== null));
  const from = names.find((node) => node.text === name);
  if (!from) return refuse(`${name} is made by its own name, and where that comes from isn’t clear`);
  if (names.some((node) => node.text === gated(name))) return [];
  return [replacement(from, isOnlyCalled(source, name, from) ? gated(name) : `${name}, ${gated(name)}`)];
}

const isOnlyCalled = (source: Source, name: string, from: Node): boolean =>
  descendantsOf(source.root, 'identifier')
    .filter(({ text, startIndex }) => text === name && (startIndex < from.startIndex || startIndex >= from.endIndex))
    .every(({ parent, startIndex }) => parent?.type === 'call' && childrenOf(parent)[0]?.startIndex === startIndex);
