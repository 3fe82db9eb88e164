import type { Finding } from '../../diagnose/finding.ts';
import type { Run } from '../../run/run.ts';
import type { TextEdit } from '../edit.ts';
import type { Source } from '../source/source.ts';

/** What a remedy may look at. */
export interface Context {
  readonly finding: Pick<Finding, 'id' | 'cause' | 'parameters' | 'layers' | 'sites' | 'site'>;
  /** The user's files that the run has loaded, as they are now; the script first. */
  readonly sources: readonly Source[];
  /** Null where only texts are at hand. */
  readonly run: Run | null;
}

/** Edits by file. */
export type Edits = readonly { readonly source: Source; readonly edits: readonly TextEdit[] }[];

/** One way to change a source. */
export interface SourceRemedy {
  readonly id: string;
  readonly title: string;
  /** The only causes that it's for; any where there are none. */
  readonly causes?: readonly string[];
  /** What the loss measures is another thing afterwards, so it isn't to be held against what it was. */
  readonly redefinesLoss?: true;
  /** @throws Refusal where it can't be done safely, or has been done already. */
  edit(context: Context): Edits;
  /** What the edits do, where that can be said more exactly than by a title; a rule's own title gives way to it. */
  say?(edits: Edits): string;
}
