/**
 * How far the diagnosis can be trusted: programs × faults and odd habits × seeds are trained, what their models learned
 * is measured, and what the rules say is held against it. Runs are recorded once; rules alone are replayed in seconds.
 * Asserts nothing.
 *
 *     node test/bench/diagnosis/diagnosis.ts                  both parts, and docs/diagnosis.md
 *     node test/bench/diagnosis/diagnosis.ts --part tune      one part; nothing is written. Wrong answers of `tune` are listed
 *     node test/bench/diagnosis/diagnosis.ts --rules          only the table of rules in docs/diagnosis.md
 *         [--only TEXT] [--seeds 3] [--recorded]              `recorded`: logs of an older engine will do
 */
import { parseArgs } from 'node:util';
import { CLEAN, nameOf, partOf, type Variant, variants } from './cases.ts';
import { figuresOf } from './figures.ts';
import { labels } from './label.ts';
import { alarmsOf, type Observation, observe } from './observe.ts';
import { writeSection } from './page.ts';
import { Recorder } from './record.ts';
import { ruleTable } from './ruleTable.ts';
import { type Case, isRightCause, isRightLine } from './score.ts';
import { tablesOf } from './tables.ts';

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    recorded: { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
  },
});
const SEEDS = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const recorder = new Recorder({ anyEngine: values.recorded });
const everything = variants();
const clean = new Map<string, Observation[]>();

if (values.rules) writeSection('Rules', ruleTable());
else if (values.part) {
  const cases = await casesOf((variant) => partOf(variant) === values.part);
  for (const line of tablesOf(cases)) console.log(line);
  // Of the reporting part, sums are all that anybody looks at.
  if (values.part === 'tune') for (const one of cases) console.log(describe(one));
} else {
  const cases = await casesOf(() => true);
  const of = (part: string) => cases.filter(({ variant }) => partOf(variant) === part);
  writeSection('Figures', figuresOf(of('report'), of('tune')));
  writeSection('Rules', ruleTable());
}

/** All runs of the variants that are meant, with their labels. */
async function casesOf(which: (variant: Variant) => boolean): Promise<Case[]> {
  const cases: Case[] = [];
  for (const variant of everything) {
    if (!which(variant) || (values.only && !nameOf(variant).includes(values.only))) continue;
    const twins = await cleanOf(variant);
    const observations = variant.change === CLEAN ? twins : await observed(variant);
    const told = labels(
      observations.map(({ skill }) => skill),
      twins.map(({ skill }) => skill),
    );
    observations.forEach((observation, i) => {
      cases.push({ variant, seed: SEEDS[i], label: told[i], observation });
    });
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${cases.length} cases, ${recorder.made} runs made`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return cases;
}

/** Runs of a variant, by seed. */
async function observed(variant: Variant): Promise<Observation[]> {
  const all: Observation[] = [];
  for (const seed of SEEDS) {
    const log = await recorder.log({ script: variant.script, seed, extension: '.ts' });
    all.push(observe(log));
  }
  return all;
}

/** Runs of the same program without any change. */
async function cleanOf({ program }: Variant): Promise<Observation[]> {
  const twin = everything.find((one) => one.program === program && one.change === CLEAN);
  if (!twin) throw new Error(`${program} isn't run as it is.`);
  const known = clean.get(program) ?? (await observed(twin));
  clean.set(program, known);
  return known;
}

/** One line; of what is right, nothing but that. */
function describe({ variant, seed, label, observation }: Case): string {
  const { findings, skill, error } = observation;
  const [first, ...others] = alarmsOf(findings);
  const right =
    label === 'healthy'
      ? first === undefined
      : label === 'faulty' && first !== undefined && isRightCause(variant, first) && isRightLine(variant, first);
  const line = `${nameOf(variant)}, seed ${seed}: ${label} (skill ${skill?.toFixed(2)})`;
  if (right && others.length === 0) return `  ok ${line}`;
  const told = findings.map(
    (f) =>
      `${f.id}/${f.cause}${f.severity === 'information' ? ' (i)' : ''} :${f.site?.line} ${f.confidence.toFixed(2)} ${f.evidence.slice(0, 160)}`,
  );
  return `  ${right ? '+ ' : 'NO'} ${line}${error ? ` failed: ${error}` : ''}\n${told.map((t) => `        ${t}\n`).join('')}`.trimEnd();
}
