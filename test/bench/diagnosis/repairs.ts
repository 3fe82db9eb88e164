/**
 * Whether what is found can be repaired: the remedies of a hurt run's alarms are tried as `gradlens fix` does, and what
 * the remedied script has learned in the end is held against its clean twin's skill. A run of a trial is the beginning of
 * a whole run, which is recorded once.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { Finding, FindingId } from '../../../engine/diagnose/finding.ts';
import { propose } from '../../../engine/repair/propose.ts';
import type { Runner } from '../../../engine/repair/trial/runner.ts';
import { tryRemedies } from '../../../engine/repair/trial/trial.ts';
import type { TriedProposal } from '../../../engine/repair/trial/verdict.ts';
import { FrameDecoder } from '../../../engine/run/codec.ts';
import { Run } from '../../../engine/run/run.ts';
import { CLEAN, nameOf, type Part, type Variant, variants } from './cases.ts';
import { gather } from './gather.ts';
import { labels } from './label.ts';
import { alarmsOf, observe } from './observe.ts';
import type { Recorder } from './record.ts';
import type { Case, Share } from './score.ts';

/** What came of one variant. */
export interface Repair {
  readonly variant: Variant;
  /** The alarm whose remedy is proven, else the first; null where none was given. */
  readonly finding: FindingId | null;
  readonly tried: readonly TriedProposal[];
  /** The remedy that is offered first, if it's proven. */
  readonly proven: TriedProposal | null;
  /** Runs in which the finding was gone, at every arm's seeds. */
  readonly cured: Share;
  readonly nothing: Share;
  readonly random: Share;
  /** Runs with the proven remedy that learned as the clean program does. */
  readonly learned: Share;
}

/** What came of trying, and of how many variants. */
export interface Repairs {
  readonly part: Part;
  /** Of the variants that are hurt in most of their seeds. */
  readonly repairs: readonly Repair[];
  /** Variants that were run, of all of the part with a fault that an edit can take back. */
  readonly sampled: number;
  readonly of: number;
}

export interface Sample {
  readonly seeds: readonly number[];
  /** So many variants, the first in an order that the hashes of their names decide … */
  readonly sample: number;
  /** … and no further one is begun after so long. */
  readonly minutes: number;
  /** Told of each as it comes. */
  readonly onRepair?: (repair: Repair) => void;
}

export async function repairsOf(
  part: Part,
  { seeds, sample, minutes, onRepair }: Sample,
  recorder: Recorder,
): Promise<Repairs> {
  const end = Date.now() + 60_000 * minutes;
  const everything = variants();
  const order = (variant: Variant) =>
    createHash('sha256')
      .update(`repair ${nameOf(variant)}`)
      .digest('hex');
  const all = everything
    .filter((variant) => variant.repairable && variant.part === part)
    .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const repairs: Repair[] = [];
  let sampled = 0;
  for (const variant of all.slice(0, sample)) {
    if (Date.now() > end) break;
    sampled++;
    const clean = everything.filter(({ program, change }) => change === CLEAN && program === variant.program);
    const { cases, skills } = await gather([variant, ...clean], { repairable: true, seeds }, recorder);
    const hurt = cases.filter(({ label }) => label === 'faulty');
    if (hurt.length) {
      const made = await repair(hurt, skills.get(variant.program) ?? [], recorder);
      repairs.push(made);
      onRepair?.(made);
    }
    process.stderr.write(`${sampled} of ${all.length} variants tried, ${recorder.made} runs made\n`);
  }
  return { part, repairs, sampled, of: all.length };
}

/** `skills`: of the clean program, by seed from 1. */
async function repair(hurt: readonly Case[], skills: readonly (number | null)[], recorder: Recorder): Promise<Repair> {
  const [{ variant, seed }] = hurt;
  const recorded = (script: string, of: number, steps?: number) =>
    recorder.log({ script, seed: of, extension: '.ts', steps });
  const run = replay(await recorded(variant.script, seed));
  const none: Share = { hits: 0, of: skills.length };
  const alarms = alarmsOf(hurt[0].observation.findings);
  let first: Repair | null = null;
  for (const finding of alarms) {
    const runner: Runner = async ({ texts, seed: of, steps }) =>
      replay(await recorded([...texts.values()][0] ?? variant.script, of, steps), steps);
    const { tried, seeds } = await trialOf(finding, run, runner, skills.length);
    const [best] = tried;
    const { control = 0, random = 0, cured = 0, verdict = 'untried' } = best?.trial ?? {};
    const proven = verdict === 'proven' ? best : null;
    const learned = proven ? await learnedWith(proven, skills, recorded) : none;
    const share = (hits: number): Share => ({ hits, of: seeds });
    first ??= {
      variant,
      finding: finding.id,
      tried,
      proven,
      cured: share(proven ? cured : 0),
      nothing: share(control),
      random: share(random),
      learned,
    };
    if (proven) return { ...first, finding: finding.id, tried, proven, cured: share(cured), learned };
  }
  return (
    first ?? {
      variant,
      finding: null,
      tried: [],
      proven: null,
      cured: none,
      nothing: none,
      random: none,
      learned: none,
    }
  );
}

/** What `gradlens fix` takes by default. */
export const USUAL_SEEDS = 5;

/** With few seeds, and with as many as is usual where so few couldn't prove anything. */
async function trialOf(finding: Finding, run: Run, runner: Runner, few: number) {
  const proposals = await propose(finding, run);
  const attempt = async (seeds: number) => ({
    seeds,
    tried: await tryRemedies(finding, run, proposals, { seeds, processes: PROCESSES, runner }),
  });
  const first = await attempt(few);
  const open = ({ edit, trial }: TriedProposal) => edit !== null && trial.verdict === 'untried';
  const isOpen = first.tried.some(open) && first.tried.every(({ trial }) => trial.verdict !== 'proven');
  return isOpen && few < USUAL_SEEDS ? attempt(USUAL_SEEDS) : first;
}

const PROCESSES = 3;

async function learnedWith(
  { edit }: TriedProposal,
  skills: readonly (number | null)[],
  recorded: (script: string, seed: number) => Promise<string>,
): Promise<Share> {
  const [script] = [...(edit?.texts.values() ?? [])].map(({ after }) => after);
  const own: (number | null)[] = [];
  for (let seed = 1; seed <= skills.length; seed++) own.push(observe(await recorded(script, seed)).skill);
  return { hits: own.filter((skill, i) => labels([skill], [skills[i]])[0] !== 'faulty').length, of: own.length };
}

/** A run as its log tells it, up to so many steps. */
function replay(log: string, steps = Number.POSITIVE_INFINITY): Run {
  const run = new Run();
  for (const frame of new FrameDecoder().push(fs.readFileSync(log))) {
    if (run.stepCount >= steps) break;
    run.apply(frame);
  }
  return run;
}

/** One line of what came of a variant, and of each remedy. */
export function describeRepair({ variant, finding, tried, proven, learned }: Repair): string {
  const verdict = proven ? `proven: ${proven.id}, learns in ${learned.hits} of ${learned.of}` : 'NOTHING PROVEN';
  const rows = tried.map(({ id, reason, trial }) => {
    const { verdict: said, cured, seeds, control, random, loss, note } = trial;
    const losses = [loss.remedy, loss.control, loss.random].map((of) => of.toPrecision(3)).join(', ');
    return `        ${id}: ${said} ${cured}/${seeds} (${control}, ${random}) loss ${losses} ${reason ?? note ?? ''}`;
  });
  return [`${nameOf(variant)}: ${finding ?? 'no alarm'}: ${verdict}`, ...rows].join('\n');
}
