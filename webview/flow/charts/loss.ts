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
    const { loss } = run.history;
    const log =
      model.intent.lossScale === 'log' && canBeLogarithmic(loss) && canBeLogarithmic(run.before?.history.loss ?? loss);
    const drawn = [run, log, theme, Math.round(this.plot.width)];
    if (drawn.some((value, i) => value !== this.drawn[i])) {
      this.drawn = drawn;
      this.run = run;
      const extent = emptyExtent();
      extend(extent, loss, log, false);
      const { before } = run;
      if (before) extend(extent, before.history.loss, log, false);
      const axis = log ? logAxis(extent) : linearAxis(extent);
      const curve = ({ step, loss }: Pick<RunView['history'], 'step' | 'loss'>, color: string, width: number) =>
        line(thin(step, loss, axis, this.plot.width, false), loss, color, width);
      const lines = [curve(run.history, theme.accent, 1.8)];
      if (before) lines.push({ ...curve(before.history, theme.muted, 1.5), borderDash: [5, 4] });
      this.plot.draw(lines, stepAxis(run), axis, theme);
    }
    this.plot.moveCursor(shown.step, loss[shown.index]);
  }
}

/** A logarithm has no place for losses below 0. */
export function canBeLogarithmic(loss: Float32Array): boolean {
  return !loss.some((value) => value < 0);
}

/** As long as the run, or the one that it's compared with. */
export function stepAxis({ history, before }: RunView) {
  const { step: steps } = history;
  const [first, own] = [steps[0] ?? 0, steps[steps.length - 1] ?? 1];
  const last = Math.max(own, before?.history.step.at(-1) ?? own);
  const single = first === last;
  return {
    min: single ? first - 1 : first,
    max: single ? first + 1 : last,
    label: (value: number) => (Number.isInteger(value) && (!single || value === first) ? formatInteger(value) : ''),
  };
}
