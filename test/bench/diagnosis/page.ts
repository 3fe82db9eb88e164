import fs from 'node:fs';
import path from 'node:path';

/** What is told of the diagnosis; its sections of figures are written by whoever measures them. */
export const PAGE = path.join(import.meta.dirname, '../../../docs/diagnosis.md');

/** A page with one section (`## heading` and what is below it) replaced; all others stay. @throws if it isn't there. */
export function withSection(page: string, heading: string, lines: readonly string[]): string {
  const start = `\n## ${heading}\n`;
  const at = page.indexOf(start);
  if (at < 0) throw new Error(`No section ${heading}.`);
  const next = page.indexOf('\n## ', at + start.length);
  const rest = next < 0 ? '' : page.slice(next);
  return `${page.slice(0, at)}${start}\n${lines.join('\n').trim()}\n${rest}`;
}

/** The lines below a heading. @throws if it isn't there. */
export function sectionOf(page: string, heading: string): string {
  const [, after] = page.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`No section ${heading}.`);
  return after.split('\n## ')[0].trim();
}

export const writeSection = (heading: string, lines: readonly string[]): void =>
  fs.writeFileSync(PAGE, withSection(fs.readFileSync(PAGE, 'utf8'), heading, lines));
