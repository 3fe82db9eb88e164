import { measuredText, notesAbout } from '../../../engine/run/notes.ts';
import type { Session } from '../../runs/session.ts';
import { line, lines, plain } from '../markdown.ts';

export interface HoverOptions {
  /** The document has been edited since the run. */
  readonly edited: boolean;
  /** A CSS colour that can be seen in the current theme. */
  readonly lineColor: string;
}

interface About {
  readonly step?: number;
  /** What the numbers are of: some notes concern only layers' outputs and operations. */
  readonly subject?: 'parameters' | 'activations';
  /** At how many steps it was measured, where that is known of the very thing. */
  readonly steps?: number;
}

/** What the numbers are of, and what can't be seen. */
export function footer({ run, isLive }: Session, { edited }: HoverOptions, about: About = {}): string {
  const { step = run.history.last?.step ?? 0, subject = 'activations', steps } = about;
  const told = line(
    `step ${step}${isLive ? ', running' : ''}`,
    measuredText(run, steps),
    edited && 'the file was edited since',
  );
  return lines(told, ...notesAbout(run, subject).map(({ message }) => `$(info) ${plain(message)}`));
}
