import os from 'node:os';
import { diagnose, stepsNeeded } from '../../diagnose/diagnose.ts';
import type { Finding } from '../../diagnose/finding.ts';
import type { LaunchOptions } from '../../host/launch.ts';
import type { Run } from '../../run/run.ts';
import type { Edit } from '../edit.ts';
import { type Proposal, sourcesOf } from '../propose.ts';
import { remedyFor } from '../remedies.ts';
import { innocents } from './control.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { onCopies, type Runner } from './runner.ts';
import { ranksOf } from './torchrun.ts';
import { type Controls, isDecided, judge, type Question, ranked, type TriedProposal, untried } from './verdict.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What runs now: a remedy's title, or a control. */
  readonly running: readonly string[];
}

export interface TrialOptions {
  /** Seeds per arm; 5 by default. */
  readonly seeds?: number;
  /** Processes at once, of which a run may need several; one less than there are cores by default. */
  readonly processes?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** The files as they are now, which remedies were proposed for, if they are not what was run. */
  readonly texts?: ReadonlyMap<string, string>;
  /** How the script was run. */
  readonly launch?: Pick<LaunchOptions, 'arguments' | 'budget' | 'python'>;
  /** How runs are made; on copies of the script's folder by default. */
  readonly runner?: Runner;
}

interface Arm {
  readonly name: string;
  readonly edit: (seed: number) => Edit | null;
  readonly seedOf: (seed: number) => number;
  /** Ends runs as soon as the finding stands: the loss is of no interest then, unless others are held against it. */
  readonly untilFound: boolean;
  readonly outcomes: Outcome[];
  readonly question: Question;
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
  const processes = options.processes ?? os.availableParallelism() - 1;
  const atOnce = Math.max(1, Math.floor(processes / ranksOf(options.launch?.python?.torchrun)));
  const sources = options.texts ?? sourcesOf(run);
  const innocent = await innocents(finding, sources, seeds);
  const arm = (name: string, rest: Partial<Arm> = {}): Arm => ({
    name,
    edit: () => null,
    seedOf: (seed) => seed,
    untilFound: true,
    outcomes: [],
    question: { finding: finding.id, seeds },
    decided: false,
    ...rest,
  });
  const nothing = arm('nothing changed', { untilFound: false });
  const random = arm('a random innocent change', {
    untilFound: false,
    edit: (seed) => innocent[seed - 1].edit,
    seedOf: (seed) => seed + innocent[seed - 1].seed,
  });
  const tried = proposals.filter(({ edit }) => edit !== null);
  const arms = new Map(
    tried.map((proposal) => {
      const redefinesLoss = remedyFor(finding.id, proposal.id)?.redefinesLoss ?? false;
      const question = { finding: finding.id, seeds, redefinesLoss };
      return [proposal, arm(proposal.title, { edit: () => proposal.edit, question })];
    }),
  );
  if (tried.length === 0) return proposals.map((proposal) => untried(proposal, proposal.reason));
  const controls: Controls = { nothing: nothing.outcomes, random: random.outcomes };

  const known = new Set(diagnose(run).map(({ id }) => id));
  const { script = '', cwd = '' } = run.start ?? {};
  const copies = onCopies(script, cwd, sources, options.launch);
  const runner = options.runner ?? copies.run;
  const steps = stepsOf(finding, run, stepsNeeded(finding.id, run));
  const total = (arms.size + 2) * seeds;
  const running: string[] = [];
  let done = 0;
  const tell = () => onProgress?.({ done, total, running: [...running] });

  const once = async (of: Arm, seed: number): Promise<void> => {
    of.decided ||= of !== nothing && of !== random && isDecided(of.outcomes, controls, of.question);
    if (!of.decided) {
      running.push(of.name);
      tell();
      try {
        const texts = new Map([...(of.edit(seed)?.texts ?? [])].map(([file, { after }]) => [file, after]));
        const asked = { texts, seed: of.seedOf(seed), steps, until: of.untilFound ? finding.id : null, signal };
        of.outcomes.push(outcomeOf(await runner(asked), asked.seed, finding.id, known));
      } finally {
        running.splice(running.indexOf(of.name), 1);
      }
    }
    done++;
    tell();
  };

  // Controls first, then every remedy's first seed: what they show can spare remedies their later seeds.
  const numbers = Array.from({ length: seeds }, (_, i) => i + 1);
  const tasks = [
    ...[nothing, random].flatMap((of) => numbers.map((seed) => () => once(of, seed))),
    ...numbers.flatMap((seed) => [...arms.values()].map((of) => () => once(of, seed))),
  ];
  try {
    await pooled(tasks, atOnce, signal);
  } finally {
    await copies.close();
  }

  const fails = run.end?.ended !== 'failed' && nothing.outcomes.every(({ error }) => error !== null);
  const failure = fails ? nothing.outcomes[0].error : null;
  return ranked(
    proposals.map((proposal) => {
      const own = arms.get(proposal);
      if (!own) return untried(proposal, proposal.reason);
      if (failure !== null) return untried(proposal, `the copy fails even unchanged: ${failure}`);
      return { ...proposal, trial: judge(own.outcomes, controls, own.question) };
    }),
  );
}

/**
 * So many steps show a finding, and that it's gone: twice as many as it took, or as are `needed`, and never few. A run
 * of one step may be one in which nothing ended a step.
 */
export function stepsOf({ step }: Pick<Finding, 'step'>, run: Pick<Run, 'end' | 'stepCount'>, needed: number): number {
  const enough = Math.max(100, 2 * (Math.max(step, needed) + 20));
  return run.end?.ended === 'completed' && run.stepCount > 1 ? Math.min(enough, run.stepCount) : enough;
}

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
