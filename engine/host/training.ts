import type { ErrorFrame, Frame } from '../run/frame.ts';
import type { Site } from '../site.ts';

/** How a process went. */
export interface Gone {
  /** `ended with exit code 3`, `was killed by SIGKILL`, `could not be started: …`. */
  readonly how: string;
  /** Null if it was killed or never started. */
  readonly exitCode: number | null;
  /** A terminal says 0 of a process that was killed, too. */
  readonly orKilled?: boolean;
}

/** What is said of a process that went without a word. */
export interface LastWord {
  /** What it is known to have run. */
  readonly introduction: readonly Frame[];
  /** Null if it went in order. */
  readonly error: ErrorFrame | null;
}

/** A process that trains, as far as it can be held from outside. What it says comes over the link. */
export interface TrainingProcess {
  /** Settles when it's gone. Never rejects. */
  readonly gone: Promise<Gone>;
  /** How long a script may take to stop by itself, in milliseconds, before it is stopped from outside. */
  readonly grace: number;
  /** Takes hold of a script that doesn't answer a stop, less gently; says where it was busy, if that can be known. */
  interrupt(): Promise<Site | null>;
  kill(): void;
  /** `spoken`: it has begun to train, and would have said so if it had ended in order. */
  lastWord(gone: Gone, spoken: boolean): Promise<LastWord>;
}
