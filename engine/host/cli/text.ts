import { styleText } from 'node:util';
import type { Finding, Severity } from '../../diagnose/finding.ts';
import { measured, norm, number, plural } from '../../diagnose/phrases.ts';
import { titleOf } from '../../diagnose/titles.ts';
import { changedGradients } from '../../run/clipping.ts';
import { gradientNorm, layerGroups, updateRatio } from '../../run/groups.ts';
import { notesOf, sampleOf, samplingText } from '../../run/notes.ts';
import { allRanks, byRank, isFar, type OfRank, timesOthers } from '../../run/ranks.ts';
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
  printError(run, cwd);
  const loss = run.stepCount ? `, loss ${number(run.firstLoss)} → ${number(run.history.last?.loss ?? Number.NaN)}` : '';
  say(`${end?.ended ?? 'running'} after ${plural(run.stepCount, 'step')} in ${number(run.seconds)} s${loss}`);
  const sampled = samplingText(run);
  const budget = run.start?.sampling?.budget;
  if (sampled) say(dim(`  ${sampled}${budget === undefined ? '' : `, within ${number(budget)} %`}`));
  const changed = changedGradients(run);
  if (changed) say(dim(`  gradients ${changed.how} from norm ${norm(changed.before)} to ${norm(changed.after)}`));
  if (end?.message && !error) say(`  ${end.message}`);
  printLayers(run, cwd);
  printRanks(run);
  printNotes(run);
}

/** What the script failed with. */
export function printError({ error }: Run, cwd: string): void {
  if (!error) return;
  say(styleText('red', `${error.name}: ${error.message}`));
  if (error.site) say(`  at ${placeText(error.site, cwd)}`);
}

/** What the ranks measured by themselves; a number far from the others' is marked. */
function printRanks(run: Run): void {
  if (run.ranks.size === 0) return;
  const ranks = [...allRanks(run).keys()].slice(0, MOST_RANKS);
  const rows = [...byRank(run)].map(([layer, told]) => {
    const cell = (rank: number, value: (of: OfRank) => number) => {
      const own = told.find((of) => of.rank === rank);
      if (!own) return '–';
      const times = timesOthers(value(own), told.filter((of) => of !== own).map(value));
      return `${measured(value(own))}${isFar(times) ? ` (${times > 1 ? `${number(times)}×` : `÷${number(1 / times)}`})` : ''}`;
    };
    return [
      layer,
      ...ranks.map((rank) => cell(rank, (of) => of.gradient)),
      ...ranks.map((rank) => cell(rank, (of) => of.std)),
    ];
  });
  say();
  printTable(
    ['layer', ...ranks.map((rank) => `own gradient ${rank}`), ...ranks.map((rank) => `output std ${rank}`)],
    rows,
  );
  if (run.ranks.size >= MOST_RANKS)
    say(dim(`The first ${MOST_RANKS} of ${run.ranks.size + 1} ranks; --json has them all.`));
}

/** A terminal is only so wide. */
const MOST_RANKS = 4;

function printNotes(run: Run): void {
  const notes = notesOf(run);
  if (notes.length === 0) return;
  say();
  for (const { message } of notes) say(dim(`Note: ${message}`));
}

function printLayers(run: Run, cwd: string): void {
  const rows = layerGroups(run).map((group) => [
    group.name,
    group.type,
    String(group.size),
    norm(gradientNorm(run, 'latest', group)),
    `${group.parameters.some((parameter) => sampleOf(run, parameter)) ? '≈ ' : ''}${measured(updateRatio(run, 'latest', group))}`,
    placeText(group.site, cwd),
  ]);
  if (rows.length === 0) return;
  say();
  printTable(['layer', 'type', 'parameters', 'gradient', 'update/weight', 'made at'], rows);
  const most = run.start?.sampling?.elements;
  if (rows.some((row) => row[4].startsWith('≈')))
    say(dim(`≈ of ${most?.toLocaleString('en')} of a parameter’s elements`));
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
