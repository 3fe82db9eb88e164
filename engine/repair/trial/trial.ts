import os from 'node:os';
import { diagnose } from '../../diagnose/diagnose.ts';
import type { Finding, Trial } from '../../diagnose/finding.ts';
import { isPython, type LaunchOptions } from '../../host/launch.ts';
import type { Run } from '../../run/run.ts';
import type { Edit } from '../edit.ts';
import { type Proposal, sourcesOf } from '../propose.ts';
import { innocents } from './control.ts';
import { copyFor } from './copy.ts';
import { boschloo } from './exact.ts';
import { type Outcome, runOnce } from './outcome.ts';

/** The level at which a remedy is proven, against each of the two controls by itself. */
export const LEVEL = 0.05;
/** By so much may the loss be above that of the unchanged script. */
const WORSE = 0.05;

type Verdict = Trial['verdict'];

export interface TriedProposal extends Proposal {
  readonly trial: Trial;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What runs now: a remedy's title, or a control. */
  readonly running: readonly string[];
}

export interface TrialOptions {
  /** Seeds per arm; 5 by default. */
  readonly seeds?: number;
  /** Processes at once; one less than there are cores by default. */
  readonly processes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** The files as they are now, which remedies were proposed for, if they are not what was run. */
  readonly texts?: ReadonlyMap<string, string>;
  /** How the script was run. */
  readonly launch?: Pick<LaunchOptions, 'arguments' | 'python'>;
}

interface Arm {
  readonly name: string;
  readonly edit: (seed: number) => Edit | null;
  readonly seedOf: (seed: number) => number;
  /** Ends runs as soon as the finding stands: its loss is of no interest then. */
  readonly untilFound: boolean;
  readonly outcomes: Outcome[];
  /** No further seed can change what is said of it. */
  decided: boolean;
}

/**
 * Tries remedies on copies of the script, over several seeds, next to two controls: nothing changed, and a random
 * innocent change. Best proven first, then the smallest edit.
 * @throws the signal's reason when aborted, once no process is left.
 */
export async function tryRemedies(
  finding: Finding,
  run: Run,
  proposals: readonly Proposal[],
  options: TrialOptions = {},
): Promise<TriedProposal[]> {
  const { seeds = 5, signal = new AbortController().signal, onProgress } = options;
  const processes = Math.max(1, options.processes ?? os.availableParallelism() - 1);
  const sources = options.texts ?? sourcesOf(run);
  const innocent = await innocents(finding, sources, seeds);
  const arm = (name: string, rest: Partial<Arm> = {}): Arm => ({
    name,
    edit: () => null,
    seedOf: (seed) => seed,
    untilFound: true,
    outcomes: [],
    decided: false,
    ...rest,
  });
  const nothing = arm('nothing changed', { untilFound: false });
  const random = arm('a random innocent change', {
    edit: (seed) => innocent[seed - 1].edit,
    seedOf: (seed) => seed + innocent[seed - 1].seed,
  });
  const tried = proposals.filter(({ edit }) => edit !== null);
  const arms = new Map(tried.map((proposal) => [proposal, arm(proposal.title, { edit: () => proposal.edit })]));
  const controls = [nothing, random];
  if (tried.length === 0) return proposals.map((proposal) => untried(proposal, proposal.reason));

  const known = new Set(diagnose(run).map(({ id }) => id));
  const { script = '', cwd = '' } = run.start ?? {};
  const steps = stepsOf(finding, run);
  const total = (arms.size + controls.length) * seeds;
  const running: string[] = [];
  let done = 0;
  const tell = () => onProgress?.({ done, total, running: [...running] });

  /** One run of an arm, on a copy of its own. */
  const once = async (of: Arm, seed: number): Promise<void> => {
    if (of.decided) {
      done++;
      return tell();
    }
    running.push(of.name);
    tell();
    const texts = new Map([...(of.edit(seed)?.texts ?? [])].map(([file, { after }]) => [file, after]));
    const copy = await copyFor(script, cwd, sources, texts);
    try {
      const outcome = await runOnce(finding.id, known, {
        ...options.launch,
        ...(isPython(script) ? { python: quietly(options.launch?.python) } : {}),
        script: copy.script,
        cwd: copy.cwd,
        steps,
        signal,
        seed: of.seedOf(seed),
        untilFound: of.untilFound,
      });
      of.outcomes.push(outcome);
      of.decided = !controls.includes(of) && !canBeProven(of, controls, seeds);
    } finally {
      running.splice(running.indexOf(of.name), 1);
      done++;
      await copy.remove();
    }
    tell();
  };

  // Controls first: what they show can spare remedies their later seeds.
  const tasks = [...controls, ...arms.values()].flatMap((of) =>
    Array.from({ length: seeds }, (_, i) => () => once(of, i + 1)),
  );
  await pooled(tasks, processes, signal);

  const failure = nothing.outcomes.every(({ error }) => error !== null) ? nothing.outcomes[0].error : null;
  return ranked(
    proposals.map((proposal) => {
      const own = arms.get(proposal);
      if (!own) return untried(proposal, proposal.reason);
      if (failure !== null) return untried(proposal, `the copy fails even unchanged: ${failure}`);
      return { ...proposal, trial: judge(own, nothing, random) };
    }),
  );
}

/** So many steps show a finding, and that it's gone: twice as many as it took, and never few. */
function stepsOf(finding: Finding, run: Run): number {
  const enough = Math.max(100, 2 * (finding.step + 20));
  return run.end?.ended === 'completed' ? Math.min(enough, Math.max(run.stepCount, 1)) : enough;
}

/** In the background: no terminal is opened, and nothing is printed. */
const quietly = ({ start: _, ...python }: NonNullable<LaunchOptions['python']> = {}) => python;

const cured = ({ outcomes }: Arm) => outcomes.filter((outcome) => outcome.cured).length;

/** p against the control that cures more; both are to be beaten, so it's the larger one that counts. */
function pOf(remedy: { cured: number; of: number }, controls: readonly Arm[]): number {
  return Math.max(
    ...controls.map((control) =>
      boschloo({ a: remedy.cured, n: remedy.of, b: cured(control), m: Math.max(1, control.outcomes.length) }),
    ),
  );
}

/** Whether it could still come out as proven if every further seed were cured. */
function canBeProven(arm: Arm, controls: readonly Arm[], seeds: number): boolean {
  if (controls.some(({ outcomes }) => outcomes.length < seeds)) return true;
  const best = cured(arm) + seeds - arm.outcomes.length;
  return pOf({ cured: best, of: seeds }, controls) <= LEVEL;
}

function judge(arm: Arm, nothing: Arm, random: Arm): Trial {
  const p = pOf({ cured: cured(arm), of: arm.outcomes.length }, [nothing, random]);
  const [remedy, control] = [medianLoss(arm), medianLoss(nothing)];
  const worse = !(remedy <= control + WORSE * Math.abs(control)) && Number.isFinite(control);
  const error = arm.outcomes.find((outcome) => outcome.error !== null)?.error ?? null;
  const note = error ?? (p <= LEVEL && worse ? 'the finding is gone, but the loss is worse' : null);
  return {
    seeds: arm.outcomes.length,
    cured: cured(arm),
    control: cured(nothing),
    random: cured(random),
    verdict: p <= LEVEL && !worse ? 'proven' : 'did-not-help',
    p,
    loss: { remedy: finite(remedy), control: finite(control) },
    note,
  };
}

const finite = (x: number) => (Number.isFinite(x) ? x : null);

function medianLoss({ outcomes }: Arm): number {
  const losses = outcomes.map(({ loss }) => (Number.isNaN(loss) ? Infinity : loss)).sort((a, b) => a - b);
  return losses[losses.length >> 1] ?? Number.NaN;
}

const untried = (proposal: Proposal, note: string | null): TriedProposal => ({
  ...proposal,
  trial: {
    seeds: 0,
    cured: 0,
    control: 0,
    random: 0,
    verdict: 'untried',
    p: null,
    loss: { remedy: null, control: null },
    note,
  },
});

const ORDER: readonly Verdict[] = ['proven', 'untried', 'did-not-help'];

/** Losses of one power of ten are taken for alike. */
const decade = ({ trial }: TriedProposal) => Math.round(Math.log10(Math.max(trial.loss.remedy ?? Infinity, 1e-12)));

/** The proven first, the surest of them foremost, then those whose loss is another order of magnitude; then by size. */
function ranked(proposals: TriedProposal[]): TriedProposal[] {
  const size = ({ edit }: Proposal) => edit?.size ?? Number.MAX_SAFE_INTEGER;
  const rank = ({ edit, trial }: TriedProposal) => (edit ? ORDER.indexOf(trial.verdict) : ORDER.length);
  return proposals.sort(
    (a, b) =>
      rank(a) - rank(b) || (a.trial.p ?? 1) - (b.trial.p ?? 1) || compare(decade(a), decade(b)) || size(a) - size(b),
  );
}

/** Infinity and itself are equal. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b);

/** Runs tasks, so many at once. The first that fails stops those that haven't begun; all that have are waited for. */
async function pooled(tasks: readonly (() => Promise<void>)[], at: number, signal: AbortSignal): Promise<void> {
  const waiting = [...tasks];
  let failed = false;
  const worker = async () => {
    for (let task = waiting.shift(); task && !failed; task = waiting.shift()) {
      try {
        signal.throwIfAborted();
        await task();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: at }, worker));
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected) throw rejected.reason;
}
