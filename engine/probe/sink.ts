import type { Frame, Phase, StepFrame } from '../run/frame.ts';
import type { Attention } from './attention.ts';

/** Where the probe's frames go. The rows of a step frame are the probe's own and change with the next step: they aren't kept. */
export type FrameSink = (frame: Frame) => void;
/** Where a step's frame goes, if elsewhere: steps are many. */
export type StepSink = (frame: StepFrame) => void;

/** How whoever watches can hold the training thread; all of it at once or never, so cheap that it's asked always. */
export interface RunControl {
  /** At a boundary between phases: blocks while the run is paused, and doesn't return from a stop. */
  boundary(phase: Phase): void;
  /** In an evaluation, which has no phases: blocks while the run is paused; a step passes over it. */
  evaluating(phase: Phase): void;
  /** True while somebody looks on step by step: layers' outputs are kept for them. */
  readonly keepsOutputs: boolean;
  /** Changes when somebody asks to look more closely at something, `attended`. */
  readonly attention: number;
  readonly attended: Attention;
  /** Anywhere: doesn't return from a stop. */
  check(): void;
  /** A step is complete. Doesn't return if it was the last that was asked for. */
  stepDone(steps: number): void;
}
