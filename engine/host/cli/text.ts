import { styleText } from 'node:util';
import type { Finding, Severity } from '../../diagnose/finding.ts';
import { measured, norm, number, plural } from '../../diagnose/phrases.ts';
import { titleOf } from '../../diagnose/titles.ts';
import { gradientNorm, layerGroups, updateRatio } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import type { Site } from '../../site.ts';
import { relativePath } from '../report.ts';

const COLORS: { readonly [K in Severity]: 'red' | 'yellow' | 'blue' } = {
  error: 'red',
  warning: 'yellow',
  information: 'blue',
};

export const say = (text = '') => process.stdout.write(`${text}\n`);
const dim = (text: string) => styleText('dim', text);

const placeText = (site: Site | null, cwd: string) =>
  site ? `${relativePath(site.file, cwd)}:${site.line}:${site.column}` : '';

/** How the run went, and a table of its layers. */
export function printRun(run: Run, cwd: string): void {
  const { end, error } = run;
  say();
  if (error) {
    say(styleText('red', `${error.name}: ${error.message}`));
    if (error.site) say(`  at ${placeText(error.site, cwd)}`);
  }
  const loss = run.stepCount ? `, loss ${number(run.firstLoss)} → ${number(run.history.last?.loss ?? Number.NaN)}` : '';
  say(`${end?.ended ?? 'running'} after ${plural(run.stepCount, 'step')} in ${number(run.seconds)} s${loss}`);
  if (end?.message && !error) say(`  ${end.message}`);
  printLayers(run, cwd);
}

function printLayers(run: Run, cwd: string): void {
  const rows = layerGroups(run).map((group) => [
    group.name,
    group.type,
    String(group.size),
    norm(gradientNorm(run, 'latest', group)),
    measured(updateRatio(run, 'latest', group)),
    placeText(group.site, cwd),
  ]);
  if (rows.length === 0) return;
  say();
  printTable(['layer', 'type', 'parameters', 'gradient', 'update/weight', 'made at'], rows);
}

/** Columns as wide as their widest cell. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd();
  say(dim(line(heads)));
  for (const row of rows) say(line(row));
}

export function printFindings(run: Run, findings: readonly Finding[], cwd: string): void {
  say();
  if (findings.length === 0) say(run.stepCount ? 'Nothing found.' : 'No step was taken, so nothing can be said.');
  for (const finding of findings) {
    const { id, severity, confidence, layers, evidence, remedies, site } = finding;
    const certainty = dim(`${Math.round(confidence * 100)} %`);
    say(
      `${styleText([COLORS[severity], 'bold'], titleOf(id))} ${dim(`[${id}]`)} ${certainty}  ${placeText(site, cwd)}`,
    );
    if (layers.length) say(`  ${layers.join(', ')}`);
    say(`  ${evidence}`);
    for (const { title } of remedies) say(`  ${dim('·')} ${title}`);
  }
}
