import type { RunView } from '../../protocol.ts';
import { formatInteger, formatNumber } from '../format.ts';
import { type Model, nearestIndex, type Shown } from '../state.ts';
import type { Theme } from '../theme.ts';
import { emptyExtent, extend, linearAxis, logAxis } from './axis.ts';
import { line } from './lines.ts';
import { Plot } from './plot.ts';
import { thin } from './thin.ts';

/** Loss over steps. */
export class LossChart {
  private readonly plot: Plot;
  private run: RunView | null = null;
  private drawn: readonly unknown[] = [];

  constructor(scrub: (step: number) => void, resized: () => void) {
    this.plot = new Plot('Loss over steps', {
      point: (at) => {
        if (!at || !this.run) return null;
        const { step, loss } = this.run.history;
        const i = nearestIndex(step, at.x);
        const lines = [
          `Loss ${Number.isNaN(loss[i]) ? 'NaN' : formatNumber(loss[i])}`,
          `step ${formatInteger(step[i])}`,
        ];
        return { x: this.plot.xPixel(step[i]), y: this.plot.yPixel(loss[i]), lines };
      },
      pick: (at) => scrub(at.x),
      resized,
    });
  }

  get element(): HTMLElement {
    return this.plot.element;
  }

  update(run: RunView, model: Model, shown: Shown, theme: Theme): void {
    const { step, loss } = run.history;
    const log = model.intent.lossScale === 'log' && canBeLogarithmic(loss);
    const drawn = [run, log, theme, Math.round(this.plot.width)];
    if (drawn.some((value, i) => value !== this.drawn[i])) {
      this.drawn = drawn;
      this.run = run;
      const extent = emptyExtent();
      extend(extent, loss, log, false);
      const axis = log ? logAxis(extent) : linearAxis(extent);
      const points = thin(step, loss, axis, this.plot.width, false);
      this.plot.draw([line(points, loss, theme.accent, 1.8)], stepAxis(step), axis, theme);
    }
    this.plot.moveCursor(shown.step, loss[shown.index]);
  }
}

/** A logarithm has no place for losses below 0. */
export function canBeLogarithmic(loss: Float32Array): boolean {
  return !loss.some((value) => value < 0);
}

export function stepAxis(steps: Float64Array) {
  const [first, last] = [steps[0] ?? 0, steps[steps.length - 1] ?? 1];
  const single = first === last;
  return {
    min: single ? first - 1 : first,
    max: single ? first + 1 : last,
    label: (value: number) => (Number.isInteger(value) && (!single || value === first) ? formatInteger(value) : ''),
  };
}
