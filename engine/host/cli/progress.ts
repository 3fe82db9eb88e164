import { number } from '../../diagnose/phrases.ts';
import type { Run } from '../../run/run.ts';

/** The line at the bottom of a terminal that tells how far a run has come. Nothing where output goes to a file. */
export class Progress {
  readonly #run: Run;
  readonly #timer: NodeJS.Timeout | null = null;
  #shown = false;

  constructor(run: Run, { enabled }: { readonly enabled: boolean }) {
    this.#run = run;
    if (enabled && process.stderr.isTTY) this.#timer = setInterval(() => this.#draw(), 100);
  }

  /** Lets something else be written where the line stands. */
  around(write: () => void): void {
    this.#clear();
    write();
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#clear();
  }

  #draw(): void {
    const { stepCount, seconds, history } = this.#run;
    if (stepCount === 0) return;
    const rate = seconds > 0 ? `  ${number(stepCount / seconds)} steps/s` : '';
    process.stderr.write(`\r\x1b[Kstep ${stepCount}  loss ${number(history.last?.loss ?? Number.NaN)}${rate}`);
    this.#shown = true;
  }

  #clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
  }
}
