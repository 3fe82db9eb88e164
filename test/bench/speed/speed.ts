/**
 * How fast the engine is: steps per second beside PyTorch's, tfjs's, jax-js's and js-pytorch's, what statistics cost, start,
 * matrix products. Each subject runs in a process of its own, in turns, so that the machine's noise meets all of them;
 * reported are medians, and medians of the ratios within a round. Asserts nothing. docs/speed.md tells more.
 *
 *     npm run bench -- [--only tiny,mlp,training,overhead,startup,gemm,profiles,scaling] [--subjects ours,torch,jax]
 *                      [--rounds 2] [--seconds 0.5] [--json FILE] [--table docs/speed.md]
 *
 * TORCH_PYTHON names interpreters that have torch, separated as in PATH; without it, `python3` is asked.
 */
import fs from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
// @ts-expect-error: a tool without types
import { buildKernels } from '../../../tools/build/kernels.mjs';
import { asText } from './figures.ts';
import { gemmTable, measureGemm } from './gemm.ts';
import { type WorkloadName, workloads } from './ours/workloads.ts';
import { measureOverhead, overheadTable } from './overhead.ts';
import { installPeers } from './peers/install.ts';
import { pythonsWithTorch } from './processes.ts';
import { profile, profileTable } from './profile.ts';
import { asPage, type Report } from './report.ts';
import { measureScaling, scalingTables } from './scaling.ts';
import { measureStartup, startupTable } from './startup.ts';
import { type Subject, subjects } from './subjects.ts';
import { targetTable } from './targets.ts';
import { measure, trainingTable } from './training.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    subjects: { type: 'string' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '0.5' },
    json: { type: 'string' },
    table: { type: 'string' },
  },
});
/** What is put together part by part. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const { seconds } = values;
const pace = { rounds: Number(values.rounds), seconds };

const SECTIONS = ['training', 'overhead', 'startup', 'gemm', 'profiles', 'scaling'] as const;
type Section = (typeof SECTIONS)[number];
const WORKLOADS = Object.keys(workloads) as WorkloadName[];

const asked = values.only?.split(',') ?? [];
const unknown = asked.filter((name) => ![...SECTIONS, ...WORKLOADS].some((known) => known === name));
if (unknown.length) throw new Error(`There is no ${unknown.join(', ')} to measure.`);
/** All, if none is named. */
const named = asked.length && WORKLOADS.some((name) => asked.includes(name));
const chosen = WORKLOADS.filter((name) => !named || asked.includes(name));
/** All, if nothing is named; steps per second, if workloads are. */
const sections: readonly string[] = SECTIONS.some((name) => asked.includes(name))
  ? asked
  : named
    ? ['training']
    : SECTIONS;
const wants = (section: Section): boolean => sections.includes(section);

const kinds = values.subjects?.split(',');
const takesPart = ({ kind, is }: Subject): boolean =>
  !kinds || kind === 'ours' || kinds.includes(kind) || kinds.includes(is);

await buildKernels(process.cwd());
const pythons = pythonsWithTorch();
if (!pythons.length) console.log('No Python with torch was found (TORCH_PYTHON names one): going on without.');
const wantsPeers =
  wants('training') && (!kinds || kinds.some((kind) => !['ours', 'statistics', 'torch'].includes(kind)));
const all = subjects(pythons, wantsPeers && installPeers()).filter(takesPart);

/** Shown as soon as it's there: a whole run takes long. */
function shown<T>(what: T, ...tables: Parameters<typeof asText>[0][]): T {
  for (const table of tables) console.log(asText(table));
  return what;
}
function trainingOf(workload: WorkloadName) {
  const speed = measure(workload, all, pace);
  return shown(speed, trainingTable(speed));
}
function overheadOf() {
  const overheads = chosen.map((workload) => measureOverhead(workload, pythons));
  return shown(overheads, overheadTable(overheads));
}
async function startupOf() {
  const startup = await measureStartup(pythons);
  return shown(startup, startupTable(startup));
}
function gemmOf() {
  const gemms = measureGemm(pythons);
  return shown(gemms, gemmTable(gemms));
}
function scalingOf() {
  const scaling = measureScaling(pythons, seconds);
  return shown(scaling, ...scalingTables(scaling));
}
function profilesOf() {
  const profiles = chosen.map((workload) => profile(workload, seconds));
  return shown(profiles, profileTable(profiles));
}

const report: Writable<Report> = {
  command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' '),
  date: new Date().toISOString().slice(0, 10),
  machine: `${os.cpus()[0].model}, ${os.cpus().length} cores, Node ${process.versions.node}`,
};

/** One part after the other; one that fails is told and left out, and whatever is known is written at once. */
async function fill<Part extends Section & keyof Report>(
  part: Part,
  measured: () => Report[Part] | Promise<Report[Part]>,
) {
  if (!wants(part)) return;
  const began = performance.now();
  try {
    report[part] = await measured();
  } catch (error) {
    console.log(`${part} can't be measured: ${(error as Error).message}`);
  }
  console.log(`(${part}: ${((performance.now() - began) / 1000).toFixed(0)} s)`);
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.table) writePage(values.table);
}
await fill('gemm', gemmOf);
await fill('startup', startupOf);
await fill('overhead', overheadOf);
await fill('training', () => chosen.map(trainingOf));
await fill('scaling', scalingOf);
await fill('profiles', profilesOf);

const targets = targetTable(report);
if (targets.rows.length) console.log(asText(targets));
console.log(`\n${report.machine}; ${pace.rounds} rounds of ${seconds} s`);

/** Replaces what stands below the page's last heading of the second rank; the prose above it stays. */
function writePage(file: string): void {
  const page = fs.readFileSync(file, 'utf8');
  const heading = '## Figures\n';
  const at = page.indexOf(heading);
  if (at < 0) throw new Error(`${file} has no heading “${heading.trim()}”.`);
  fs.writeFileSync(file, `${page.slice(0, at)}${heading}\n${asPage(report)}`);
}
