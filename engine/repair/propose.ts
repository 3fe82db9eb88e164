import type { Finding, Remedy } from '../diagnose/finding.ts';
import type { Run } from '../run/run.ts';
import type { TextEdit } from './edit.ts';
import { type Edit, editOf, unifiedDiff } from './edit.ts';
import type { Context, SourceRemedy } from './remedies/remedy.ts';
import { REMEDIES_OF, remedyFor, sourceRemedies } from './remedies.ts';
import { Refusal } from './source/refusal.ts';
import { Source } from './source/source.ts';

/** A remedy of a finding as an edit of the user's source. */
export interface Proposal {
  readonly id: string;
  readonly title: string;
  /** Null where none can be made safely; `reason` says why. */
  readonly edit: Edit | null;
  readonly reason: string | null;
}

/** The user's own files of a run, by absolute path, as they were run; the script first. */
export function sourcesOf(run: Run): Map<string, string> {
  const script = run.start?.script;
  const own = [...run.sources].filter(([file]) => !/[\\/](?:node_modules|site-packages|dist-packages)[\\/]/.test(file));
  return new Map(own.sort(([a], [b]) => Number(b === script) - Number(a === script)));
}

/**
 * The remedies of a finding: first those that are edits; of these, first what its rule names, in the rule's order, then
 * what else may cure it, the smallest first. `texts`: the files as they are now, if they are not what was run.
 */
export async function propose(
  finding: Finding,
  run: Run,
  texts: ReadonlyMap<string, string> = sourcesOf(run),
): Promise<Proposal[]> {
  const named = new Map<string, string>(finding.remedies.map(({ id, title }) => [id, title]));
  for (const id of REMEDIES_OF[finding.id] ?? []) {
    const known = sourceRemedies.find((remedy) => remedy.id === id);
    if (known && !named.has(id)) named.set(id, known.title);
  }
  const proposals = await Source.using(texts, (sources) =>
    [...named].map(([id, title]): Proposal => {
      const { said, ...made } = attempt(remedyFor(finding.id, id), { finding, run, sources });
      return { id, title: said ?? title, ...made };
    }),
  );
  // What the rule doesn't name is of interest only where it can be done.
  const own = finding.remedies.map(({ id }) => id);
  // Two remedies may come to the same text.
  const made = new Set<string>();
  const different = proposals.filter(({ id, edit }) => {
    if (!edit) return own.includes(id);
    const texts = JSON.stringify([...edit.texts].map(([file, { after }]) => [file, after]));
    return !made.has(texts) && made.add(texts);
  });
  const isEdit = ({ edit }: Proposal) => Number(edit !== null);
  const rank = ({ id }: Proposal) => (own.includes(id) ? own.indexOf(id) : own.length);
  const size = ({ edit }: Proposal) => edit?.size ?? 0;
  return different.sort((a, b) => isEdit(b) - isEdit(a) || rank(a) - rank(b) || size(a) - size(b));
}

interface Attempt {
  readonly edit: Edit | null;
  readonly reason: string | null;
  /** What the edit does, where that is more than its title says. */
  readonly said?: string | undefined;
}

/** The edit of a remedy, or why there's none. */
export function attempt(remedy: SourceRemedy | undefined, context: Context): Attempt {
  if (!remedy) return { edit: null, reason: 'this is for a person to do: it is no edit that could be made safely' };
  if (remedy.causes && !remedy.causes.includes(context.finding.cause))
    return { edit: null, reason: 'this is for another cause' };
  try {
    const byFile = new Map<string, TextEdit[]>();
    const made = remedy.edit(context);
    for (const { source, edits } of made) {
      if (source.root.hasError) return { edit: null, reason: 'the text has errors of syntax' };
      byFile.set(source.file, unique([...(byFile.get(source.file) ?? []), ...edits]));
    }
    const edit = editOf(byFile, new Map(context.sources.map(({ file, text }) => [file, text])));
    const isBroken = (source: Source) => {
      const text = edit?.texts.get(source.file);
      return text !== undefined && !source.isWellFormed(text.after);
    };
    if (context.sources.some(isBroken)) return { edit: null, reason: 'there is no room for it as the text is written' };
    return edit ? { edit, reason: null, said: remedy.say?.(made) } : { edit, reason: 'it has been done already' };
  } catch (error) {
    if (error instanceof Refusal) return { edit: null, reason: error.message };
    throw error;
  }
}

/** Several places may ask for the same import. */
const unique = (edits: readonly TextEdit[]) => [
  ...new Map(edits.map((edit) => [`${edit.start} ${edit.end} ${edit.newText}`, edit])).values(),
];

/** Findings whose remedies have their edits, as unified diffs. `name`: what a file is called in a diff. */
export function withEdits(findings: readonly Finding[], run: Run, name: (file: string) => string): Promise<Finding[]> {
  return Promise.all(
    findings.map(async (finding) => {
      const remedies = (await propose(finding, run)).map(
        ({ id, title, edit }): Remedy => ({ id, title, edit: edit && unifiedDiff(edit, name) }),
      );
      return { ...finding, remedies };
    }),
  );
}
