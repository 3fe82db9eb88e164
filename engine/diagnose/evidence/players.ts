import type { OptimizerFrame, StepFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { isAdversarial } from './adversarial.ts';

/** Who learns from another's answers: a generator, say, or its discriminator. */
export interface Player {
  readonly optimizer: OptimizerFrame;
  readonly parameters: ReadonlySet<number>;
  /** At which its optimizer updates. */
  readonly turns: readonly StepFrame[];
}

/** Players take turns: so many times as many updates as steps are those of optimizers that update at once. */
const TOGETHER = 1.5;

/** Those of a run; none where there is one optimizer, or where several update together and are one player's. */
export function playersOf(run: Run): readonly Player[] {
  if (!isAdversarial(run)) return [];
  const players = [...run.optimizers.values()].map((optimizer): Player => {
    const parameters = new Set(optimizer.parameters);
    return { optimizer, parameters, turns: run.history.steps.filter((step) => updates(run, step, parameters)) };
  });
  const turns = players.reduce((sum, player) => sum + player.turns.length, 0);
  return turns > TOGETHER * run.history.length ? [] : players;
}

const updates = (run: Run, step: StepFrame, own: ReadonlySet<number>): boolean =>
  step.parameters.ids.some((id) => own.has(id) && run.parameterAt(step, id)('updateNorm') > 0);

/** Whether the gradient of a player's loss comes to it through what another player trains, at its first turn. */
export const learnsThrough = (player: Player, other: Player): boolean =>
  player.turns[0]?.parameters.ids.some((id) => other.parameters.has(id)) ?? false;
