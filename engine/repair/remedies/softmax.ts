import { refuse } from '../source/refusal.ts';
import { dropped, onLine, squashingIn } from '../source/squashing.ts';
import type { SourceRemedy } from './remedy.ts';

/** Cross-entropy has a softmax of its own (with two classes, a sigmoid) and takes logits. */
export const dropSoftmax: SourceRemedy = {
  id: 'drop-softmax',
  title: 'Drop the softmax: cross-entropy takes logits',
  edit({ sources, finding }) {
    const name = finding.cause === 'sigmoid-twice' ? 'sigmoid' : 'softmax';
    const found = sources.flatMap((source) => squashingIn(source, name).map((call) => ({ source, call })));
    const named = onLine(found, finding.site);
    const meant = named.length ? named : found;
    if (meant.length === 0) refuse(`no ${name} at the end of a model, or in the loss, was found`);
    if (meant.length > 1) refuse(`there are several such calls of ${name}: which one is meant is not clear`);
    const [{ source, call }] = meant;
    return [{ source, edits: [dropped(source, call)] }];
  },
};
