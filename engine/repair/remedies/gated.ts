import { refuse } from '../source/refusal.ts';
import { collect } from './layers.ts';
import type { SourceRemedy } from './remedy.ts';

/** A cell with gates, through which a gradient passes unchanged where they are open (Cho et al. 2014). */
export const gatedCell: SourceRemedy = {
  id: 'gated-cell',
  title: 'Use a gated cell (GRU)',
  edit({ sources }) {
    const edits = sources.flatMap((source) =>
      source.calls.flatMap(({ name, receiver, callee, named, positional }) => {
        if (name !== 'RNN' && name !== 'RNNCell') return [];
        if (!receiver) return refuse('RNN is imported by its own name');
        if (named.has('nonlinearity') || positional.length > 2)
          return refuse('the cell is given options that a GRU doesn’t have');
        const start = receiver.endIndex + 1;
        return [{ source, edit: { start, end: callee.endIndex, newText: name.replace('RNN', 'GRU') } }];
      }),
    );
    if (edits.length === 0) refuse('the recurrence is written by hand: no layer of the library could be exchanged');
    return collect(edits);
  },
};
