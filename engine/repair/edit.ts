import { createTwoFilesPatch } from 'diff';
import { languageOf } from '../source/language.ts';
import { laidOut } from './layout.ts';

/** A replacement in a text: offsets in UTF-16 units, as in an editor. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** A position in a text, from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** One replacement of a remedy: where, in which file, and what stood there when it was made. */
export interface FileEdit {
  /** Absolute path. */
  readonly file: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly newText: string;
}

/** A remedy as a change of texts. */
export interface Edit {
  readonly changes: readonly FileEdit[];
  /** The texts it was made for, and what becomes of them, by absolute path. */
  readonly texts: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
  /** Characters that are new or gone: the smaller the better. */
  readonly size: number;
}

/** @throws if two edits overlap. Edits at the same place are made in their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, newText } of sorted(edits)) {
    if (start < at) throw new Error('Two edits overlap.');
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}

const sorted = (edits: readonly TextEdit[]) => edits.toSorted((a, b) => a.start - b.start || a.end - b.end);

/** Puts a remedy's replacements together. `edits`: by absolute path, for the texts in `texts`. */
export function editOf(
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  texts: ReadonlyMap<string, string>,
): Edit | null {
  const changes: FileEdit[] = [];
  const changed = new Map<string, { before: string; after: string }>();
  let size = 0;
  for (const [file, ofFile] of edits) {
    const before = texts.get(file) as string;
    const eol = before.includes('\r\n') ? '\r\n' : '\n';
    const language = languageOf(file).parser === 'python' ? 'python' : 'typescript';
    const own = laidOut(before, sorted(ofFile), language).map((edit) => ({
      ...edit,
      newText: edit.newText.replace(/\r?\n/g, eol),
    }));
    const after = applyEdits(before, own);
    if (after === before) continue;
    changed.set(file, { before, after });
    for (const { start, end, newText } of own) {
      changes.push({ file, range: { start: positionAt(before, start), end: positionAt(before, end) }, newText });
      size += newText.length + (end - start);
    }
  }
  return changes.length ? { changes, texts: changed, size } : null;
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return { line, character: offset - (before.lastIndexOf('\n') + 1) };
}

/** As `git apply` and `patch -p1` take it. `name`: what a file is called there. */
export function unifiedDiff(edit: Edit, name: (file: string) => string): string {
  return [...edit.texts]
    .map(([file, { before, after }]) =>
      createTwoFilesPatch(within('a', name(file)), within('b', name(file)), before, after, undefined, undefined, {
        context: 3,
        headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
      }),
    )
    .join('');
}

/** An absolute path brings its own slash. */
const within = (folder: string, name: string): string => `${folder}${name.startsWith('/') ? '' : '/'}${name}`;

/** What a text becomes; null if it is no longer the text that the edit was made for (or already has it). */
export function edited(edit: Edit, file: string, text: string): string | null {
  const known = edit.texts.get(file);
  return known?.before === text ? known.after : null;
}
