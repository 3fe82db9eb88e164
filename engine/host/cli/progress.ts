import { number } from '../../diagnose/phrases.ts';
import type { Run } from '../../run/run.ts';
import { Line } from './line.ts';

/** Tells how far a run has come. Nothing where output goes to a file. */
export class Progress {
  readonly #run: Run;
  readonly #line: Line;
  readonly #timer: NodeJS.Timeout | null = null;

  constructor(run: Run, { enabled }: { readonly enabled: boolean }) {
    this.#run = run;
    this.#line = new Line(enabled);
    if (this.#line.isShown) this.#timer = setInterval(() => this.#draw(), 100);
  }

  /** Lets something else be written where the line stands. */
  around(write: () => void): void {
    this.#line.clear();
    write();
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#line.clear();
  }

  #draw(): void {
    const { stepCount, seconds, history } = this.#run;
    if (stepCount === 0) return;
    const rate = seconds > 0 ? `  ${number(stepCount / seconds)} steps/s` : '';
    this.#line.show(`step ${stepCount}  loss ${number(history.last?.loss ?? Number.NaN)}${rate}`);
  }
}
