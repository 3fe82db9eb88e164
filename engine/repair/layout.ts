import type { TextEdit } from './edit.ts';

/** Lines may be as long as the longest of the text's own, or as formatters leave them: Black's 88, and 100. */
const WIDTHS = { python: 88, typescript: 100 } as const;

/** One more level of indentation, as a text has it. */
export const indentUnit = (text: string, usual: string): string =>
  /^(\t|[ ]{2,8})(?=\S)/m.exec(text.replace(/^[ ]\*.*$/gm, ''))?.[1] ?? usual;

/**
 * Where edits would make a line longer than lines of the text are, the line is broken at its longest pair of brackets, as
 * formatters break it. Edits of the same line become one then. `edits`: sorted, not overlapping.
 */
export function laidOut(text: string, edits: readonly TextEdit[], language: keyof typeof WIDTHS): TextEdit[] {
  const width = Math.max(WIDTHS[language], ...text.split('\n').map((line) => line.trimEnd().length));
  const result: TextEdit[] = [];
  for (const [start, ofLine] of Map.groupBy(edits, (edit) => text.lastIndexOf('\n', edit.start - 1) + 1)) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const within = ofLine.every((edit) => edit.end <= end && !edit.newText.includes('\n'));
    const line = within ? replaced(text.slice(start, end), ofLine, start).trimEnd() : '';
    const broken = line.length > width ? brokenUp(line, text, width, language) : null;
    const rest = /\r?$/.exec(text.slice(start, end))?.[0].length ?? 0;
    result.push(...(broken === null ? ofLine : [{ start, end: end - rest, newText: broken }]));
  }
  return result;
}

const replaced = (line: string, edits: readonly TextEdit[], start: number): string =>
  edits.reduceRight(
    (result, edit) => result.slice(0, edit.start - start) + edit.newText + result.slice(edit.end - start),
    line,
  );

/** Null where there's nothing to break at. */
function brokenUp(line: string, text: string, width: number, language: keyof typeof WIDTHS): string | null {
  const pair = longestPair(line);
  if (!pair) return null;
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const inner = indent + indentUnit(text, language === 'python' ? '    ' : '  ');
  const clauses = language === 'python' ? clausesOf(line.slice(pair.open + 1, pair.close).trim()) : [];
  // the commas of a comprehension part variables, not elements
  const commas = clauses.length > 1 ? [pair.close] : pair.commas;
  const parts = commas.map((comma, i) => line.slice(i ? commas[i - 1] + 1 : pair.open + 1, comma).trim());
  const opened = line.slice(0, pair.open + 1);
  const closed = indent + line.slice(pair.close);
  const together = `${inner}${parts.join(', ')}`;
  if (language === 'python' && together.length <= width) return `${opened}\n${together}\n${closed}`;
  // a single element may be a generator, behind which Python takes no comma
  const last = language === 'python' ? parts.length > 1 : /,\s*\n\s*[)\]}]/.test(text);
  const elements =
    clauses.length > 1 ? clauses : parts.map((part, i) => part + (last || i < parts.length - 1 ? ',' : ''));
  const lines = elements.map((element) => {
    const own = `${inner}${element}`;
    return own.length > width ? (brokenUp(own, text, width, language) ?? own) : own;
  });
  return [opened, ...lines, closed].join('\n');
}

/** `f(x) for x in y` in lines, as Black has them. */
function clausesOf(element: string): string[] {
  const clauses: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < element.length; at++) {
    if (/["']/.test(element[at])) at = endOfString(element, at);
    else if (OPENING.includes(element[at])) depth++;
    else if (CLOSING.includes(element[at])) depth--;
    else if (depth === 0 && element.startsWith(' for ', at)) {
      clauses.push(element.slice(from, at));
      from = at + 1;
    }
  }
  return [...clauses, element.slice(from)];
}

/** Where the string that begins at `start` ends: its last quote. */
function endOfString(line: string, start: number): number {
  let at = start + 1;
  while (at < line.length && line[at] !== line[start]) at += line[at] === '\\' ? 2 : 1;
  return at;
}

interface Pair {
  readonly open: number;
  readonly close: number;
  /** Of its own level; the closing bracket last. */
  readonly commas: readonly number[];
}

const OPENING = '([{';
const CLOSING = ')]}';

/** Behind a name, arguments stand in brackets; behind these words, something else. */
const ARGUMENTS = /(?<!\b(?:for|if|while|switch|return|in|and|or|not))(?<=[\w)\]])$/;

/** The arguments or the list that most of a line is; null if there are none, or a comment is on the line. */
function longestPair(line: string): Pair | null {
  const open: { at: number; commas: number[] }[] = [];
  let longest: Pair | null = null;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (/["'`]/.test(character)) at = endOfString(line, at);
    else if (character === '#' || line.startsWith('//', at) || line.startsWith('/*', at)) return null;
    else if (OPENING.includes(character)) open.push({ at, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(at);
    else if (CLOSING.includes(character)) {
      const opened = open.pop();
      if (!opened) continue;
      const length = at - opened.at;
      const isList = character === ']' && !/[\w)\]]$/.test(line.slice(0, opened.at));
      if (!isList && !(character === ')' && ARGUMENTS.test(line.slice(0, opened.at).trimEnd()))) continue;
      if (length < line.trim().length / 2) continue;
      if (!longest || length > longest.close - longest.open)
        longest = { open: opened.at, close: at, commas: [...opened.commas, at] };
    }
  }
  return longest;
}
