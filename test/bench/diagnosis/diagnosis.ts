/**
 * How far the diagnosis can be trusted: programs × faults and odd habits × seeds are trained, what their models learned
 * is measured, and what the rules say is held against it. Runs are recorded once; rules alone are replayed in seconds.
 * Asserts nothing.
 *
 *     node test/bench/diagnosis/diagnosis.ts                  both parts, and docs/diagnosis.md
 *     node test/bench/diagnosis/diagnosis.ts --part tune      one part; nothing is written. Wrong answers of `tune` are listed
 *     node test/bench/diagnosis/diagnosis.ts --figures        only the figures of both parts, published detectors, and the table of rules
 *     node test/bench/diagnosis/diagnosis.ts --published      only published detectors on the same runs; with --part, nothing is written
 *     node test/bench/diagnosis/diagnosis.ts --rules          only the table of rules in docs/diagnosis.md
 *     node test/bench/diagnosis/diagnosis.ts --repairs        only trials of remedies, of the part; those of `tune` are listed
 *     node test/bench/diagnosis/diagnosis.ts --calibrate      only how sure findings are, by the tuning part, into the engine
 *     node test/bench/diagnosis/diagnosis.ts --torch          only the Python twins, on the interpreter of TORCH_PYTHON
 *         [--sample N] [--minutes N]                          trials of so many variants, or for so long
 *         [--only TEXT] [--seeds 3] [--recorded] [--present]  `recorded`: logs of an older engine will do; `present`: and no run is made
 */
import { parseArgs } from 'node:util';
import { interpreters } from '../../torch/python.ts';
import { calibrate } from './calibrate.ts';
import { CLEAN, nameOf, type Part, variants } from './cases.ts';
import { figuresOf } from './figures.ts';
import { gather } from './gather.ts';
import { alarmsOf } from './observe.ts';
import { writeSection } from './page.ts';
import { publishedTable } from './published/table.ts';
import { Recorder } from './record.ts';
import { describeRepair, type Repair, repairsOf } from './repairs.ts';
import { repairTable } from './repairTable.ts';
import { ruleTable } from './ruleTable.ts';
import { type Case, isRightCause, isRightLine } from './score.ts';
import { tablesOf } from './tables.ts';
import { twins } from './twins.ts';
import { twinTable } from './twinTable.ts';

const { values } = parseArgs({
  options: {
    part: { type: 'string' },
    only: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    recorded: { type: 'boolean', default: false },
    present: { type: 'boolean', default: false },
    figures: { type: 'boolean', default: false },
    published: { type: 'boolean', default: false },
    rules: { type: 'boolean', default: false },
    calibrate: { type: 'boolean', default: false },
    repairs: { type: 'boolean', default: false },
    sample: { type: 'string', default: 'Infinity' },
    minutes: { type: 'string', default: 'Infinity' },
    torch: { type: 'boolean', default: false },
  },
});
/** The section that they fill. */
const PUBLISHED = 'Published detectors on the same runs';
const SEEDS = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const recorder = new Recorder({ anyEngine: values.recorded || values.present });
const wanted = { only: values.only, seeds: SEEDS, present: values.present };

if (values.rules) writeSection('Rules', ruleTable());
else if (values.calibrate) {
  const { cases } = await gather(variants(), { ...wanted, part: 'tune' }, recorder);
  for (const line of calibrate(cases)) console.log(line);
} else if (values.repairs) await writeRepairs();
else if (values.torch) await writeTwins();
else if (values.published) await writePublished();
else if (values.part) {
  const { cases } = await gather(variants(), { ...wanted, part: values.part as Part }, recorder);
  for (const line of tablesOf(cases)) console.log(line);
  // Of the reporting part, sums are all that anybody looks at.
  if (values.part === 'tune') for (const one of cases) console.log(describe(one));
} else {
  const { cases } = await gather(variants(), wanted, recorder);
  writeSection('Figures', figuresOf(ofPart(cases, 'report'), ofPart(cases, 'tune')));
  writeSection(PUBLISHED, publishedTable(ofPart(cases, 'report'), ofPart(cases, 'tune')));
  writeSection('Rules', ruleTable());
  if (!values.figures) {
    await writeRepairs();
    await writeTwins();
  }
}

function ofPart(cases: readonly Case[], part: Part): Case[] {
  return cases.filter(({ variant }) => variant.part === part);
}

/** Sums only, of both parts. */
async function writePublished(): Promise<void> {
  const part = values.part as Part | undefined;
  const { cases } = await gather(variants(), { ...wanted, part, every: Number.POSITIVE_INFINITY }, recorder);
  const lines = publishedTable(ofPart(cases, 'report'), ofPart(cases, 'tune'));
  if (!part) writeSection(PUBLISHED, lines);
  else for (const line of lines) console.log(line);
}

async function writeRepairs(): Promise<void> {
  const part: Part = values.part === 'tune' ? 'tune' : 'report';
  const wanted = { seeds: SEEDS, sample: Number(values.sample), minutes: Number(values.minutes) };
  const onRepair = part === 'tune' ? (one: Repair) => console.log(describeRepair(one)) : undefined;
  const found = await repairsOf(part, { ...wanted, onRepair }, recorder);
  const heading = part === 'tune' ? 'Remedies on the tuning part' : 'Remedies by trial';
  writeSection(heading, repairTable(found, SEEDS.length));
}

/** Where torch is present; if it isn't, what was measured last stays, and that is said. */
async function writeTwins(): Promise<void> {
  const [python] = interpreters;
  if (!python) return;
  const all = twins();
  const inPython = new Recorder({ anyEngine: values.recorded, python: python.path });
  const { cases } = await gather(all, { ...wanted, extension: '.py' }, inPython);
  const names = new Set(all.map(nameOf));
  const embedded = await gather(
    variants().filter((variant) => names.has(nameOf(variant)) || variant.change === CLEAN),
    wanted,
    recorder,
  );
  for (const one of cases) console.log(describe(one));
  const how = { torch: python.torch, seeds: SEEDS.length };
  writeSection('The same rules on PyTorch', twinTable(cases, embedded.cases, how));
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
