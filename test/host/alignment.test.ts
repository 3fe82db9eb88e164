import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Alignment, type Held } from '../../engine/host/alignment.ts';
import type { Phase, PhaseFrame } from '../../engine/run/frame.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PHASES: readonly Phase[] = ['forward', 'backward', 'update'];

/** A rank that is held, or comes to be, and goes on by a phase at once when it's told to. */
class Rank implements Held {
  at: PhaseFrame | null = null;
  #onHeld = () => {};

  hold(step: number, phase: Phase, onHeld: () => void): void {
    this.#onHeld = onHeld;
    this.at = { kind: 'phase', step, phase, state: 'paused', site: null };
    onHeld();
  }

  stepPhase(): void {
    const { step, phase } = this.at!;
    const next = PHASES.indexOf(phase) + 1;
    this.hold(step + Math.floor(next / 3), PHASES[next % 3], this.#onHeld);
  }
}

test.each<[Phase, Phase]>([
  ['forward', 'forward'],
  ['backward', 'forward'],
  ['update', 'forward'],
])('one that comes late, before its %s, meets the others, who were moved on meanwhile from %s', (late, early) => {
  const ranks = [new Rank(), new Rank(), new Rank()];
  const alignment = new Alignment(() => ranks);
  const look = () => alignment.look();
  ranks[0].hold(3, early, look);
  ranks[1].hold(3, early, look);
  vi.advanceTimersByTime(1000); // twice as long as anybody is waited for
  ranks[2].hold(3, late, look);
  vi.advanceTimersByTime(10_000);
  const [first, ...others] = ranks.map(({ at }) => `${at?.step} ${at?.phase}`);
  expect(others).toEqual([first, first]);
});
