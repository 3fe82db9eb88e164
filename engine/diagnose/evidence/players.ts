import type { LossFrame, OptimizerFrame, StepFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { rootOf } from '../about.ts';
import { isAdversarial } from './adversarial.ts';

/** Who learns from another's answers: a generator, say, or its discriminator. */
export interface Player {
  readonly optimizer: OptimizerFrame;
  readonly parameters: ReadonlySet<number>;
  /** Steps at which its optimizer updates; where only some are measured, also those that by their rhythm are its. */
  readonly turns: readonly StepFrame[];
}

/** Players take turns: so many times as many updates as steps are those of optimizers that update at once. */
const TOGETHER = 1.5;

/** A rhythm of so many steps is looked for: some of one player for each of the other. */
const LONGEST_RHYTHM = 8;

/** Those of a run; none where there is one optimizer, or where several update together and are one player's. */
export function playersOf(run: Run): readonly Player[] {
  if (!isAdversarial(run)) return [];
  const optimizers = [...run.optimizers.values()];
  const held = optimizers.map(({ parameters }) => new Set(parameters));
  const at = (step: StepFrame) => held.flatMap((own, i) => (updates(run, step, own) ? [i] : []));
  const measured = run.history.steps.filter(({ parameters: { ids } }) => ids.length > 0);
  const turns = new Map(measured.map((step) => [step, at(step)]));
  const updatesAtAll = [...turns.values()].reduce((sum, who) => sum + who.length, 0);
  if (updatesAtAll > TOGETHER * measured.length) return [];
  const rhythm = measured.length < run.history.length ? rhythmOf(turns) : null;
  const isOf = (step: StepFrame, i: number) => (turns.get(step) ?? rhythm?.(step.step))?.includes(i) ?? false;
  return optimizers.map((optimizer, i) => ({
    optimizer,
    parameters: held[i],
    turns: run.history.steps.filter((step) => isOf(step, i)),
  }));
}

/** Whose turn any step is, by those that were measured, if they all agree to it; else null. */
function rhythmOf(turns: ReadonlyMap<StepFrame, readonly number[]>): ((step: number) => readonly number[]) | null {
  for (let length = 1; length <= LONGEST_RHYTHM; length++) {
    const beats = new Map<number, readonly number[]>();
    const agree = [...turns].every(([{ step }, who]) => {
      const beat = beats.get(step % length) ?? who;
      beats.set(step % length, beat);
      return beat.join() === who.join();
    });
    if (agree && beats.size === length) return (step) => beats.get(step % length) ?? [];
  }
  return null;
}

const updates = (run: Run, step: StepFrame, own: ReadonlySet<number>): boolean =>
  step.parameters.ids.some((id) => own.has(id) && run.parameterAt(step, id)('updateNorm') > 0);

/** Whether the answers that a player's loss judges are given by what another player trains. */
export function learnsThrough(run: Run, player: Player, other: Player): boolean {
  const layer = callOf(run, player)?.layer ?? null;
  if (layer === null) return false;
  const root = rootOf(run, layer);
  return run.parameters.some(
    ({ id, layer: owner }) => owner !== null && other.parameters.has(id) && rootOf(run, owner) === root,
  );
}

/** The first call of a loss function at a player's turns. */
export function callOf(run: Run, { turns }: Player): LossFrame | undefined {
  const own = new Set(turns.map(({ step }) => step));
  return run.losses.find(({ step }) => own.has(step));
}
