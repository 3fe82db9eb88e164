import type { Attention } from '../probe/attention.ts';
import type { InspectRequest } from '../run/inspection.ts';
import type { Site } from '../site.ts';
import type { StopReason } from './channel.ts';

/** What a training process is told when it starts, in its environment. */
export interface ChildOptions {
  /** Absolute path. */
  readonly script: string;
  readonly arguments: readonly string[];
  /** Where the run is streamed to; null for none. */
  readonly link: { readonly port: number; readonly token: string } | null;
  /** Absolute path of the run log, or null. */
  readonly log: string | null;
  /** Stop after so many steps. */
  readonly steps: number | null;
  /** Overrides the script's own seed. */
  readonly seed: number | null;
  /** Threads that compute; null for as many as pay. */
  readonly threads: number | null;
  /** Share of training time that watching may take, in percent. */
  readonly budget: number;
}

export const OPTIONS_VARIABLE = 'GRADLENS_OPTIONS';

/** Control, against the stream's direction: one JSON object a line. */
export type ControlMessage =
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'stop'; readonly reason: StopReason }
  /** Goes on, and pauses again before the next phase, or before the next step. */
  | { readonly do: 'step'; readonly until: 'phase' | 'step' }
  /** Answered, while the run is paused, by a tensor frame. */
  | ({ readonly do: 'inspect' } & InspectRequest)
  /** Ids of what is under suspicion, and is to be measured more often. All there are: what was said before is over. */
  | ({ readonly do: 'attend' } & Attention)
  /** The script doesn't answer: write the end frame and end the process at once. */
  | { readonly do: 'abort'; readonly reason: StopReason; readonly message: string; readonly site: Site | null };
