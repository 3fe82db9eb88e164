/** The line at the bottom of a terminal that is written anew again and again. Nothing where output goes to a file. */
export class Line {
  readonly isShown: boolean;
  #written = false;

  constructor(wanted: boolean) {
    this.isShown = wanted && process.stderr.isTTY;
  }

  /** What doesn't fit is cut off: a line that wraps couldn't be taken back. */
  show(text: string): void {
    if (!this.isShown) return;
    const room = Math.max(20, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(`\r\x1b[K${text.length > room ? `${text.slice(0, room - 1)}…` : text}`);
    this.#written = true;
  }

  clear(): void {
    if (this.#written) process.stderr.write('\r\x1b[K');
    this.#written = false;
  }
}
