import type { LayerView, RunView } from '../../protocol.ts';
import { formatInteger, formatNorm } from '../format.ts';
import { emphasised, layerIndex, type Model, nearestIndex, type Shown } from '../state.ts';
import { depthOf, type Theme } from '../theme.ts';
import { type Axis, emptyExtent, extend, logAxis } from './axis.ts';
import { type Lines, line } from './lines.ts';
import { stepAxis } from './loss.ts';
import { Plot, type Pointed } from './plot.ts';
import { spread, thin } from './thin.ts';

/** More lines than these can't be told apart, and more points than these can't be drawn ten times a second. */
export const MOST_LINES = 100;
const MOST_POINTS = 24_000;

/** Gradient norm of each layer over steps: one line per layer, coloured by depth. */
export class NormsChart {
  private readonly plot: Plot;
  private run: RunView | null = null;
  private theme!: Theme;
  private axis!: Axis;
  /** Indices of the layers drawn. */
  private layers: number[] = [];
  private emphasis: string | null = null;
  private width = 0;
  points = 0;
  private readonly hover: (layer: string | null) => void;
  private readonly select: (layer: string) => void;

  constructor(
    scrub: (step: number) => void,
    hover: (layer: string | null) => void,
    select: (layer: string) => void,
    resized: () => void,
  ) {
    this.hover = hover;
    this.select = select;
    this.plot = new Plot('Gradient norm of each layer over steps', {
      point: (at) => this.point(at),
      pick: (at) => {
        const layer = this.nearest(at);
        if (layer) this.select(layer.name);
        scrub(at.x);
      },
      resized,
    });
  }

  get element(): HTMLElement {
    return this.plot.element;
  }

  /** `axis` is shared with the depth profile, so that both read alike. */
  update(run: RunView, axis: Axis, model: Model, shown: Shown, theme: Theme): void {
    const name = emphasised(model);
    const emphasis = run.layers.length > 1 ? name : null;
    const width = Math.round(this.plot.width);
    if (run !== this.run || theme !== this.theme || width !== this.width) {
      Object.assign(this, { run, theme, axis, width });
      this.emphasise(run, emphasis, false);
      this.points = this.plot.draw(this.lines(run), stepAxis(run), axis, theme);
      // The first drawing settles the width.
      this.width = Math.round(this.plot.width);
    } else if (emphasis !== this.emphasis) {
      this.emphasise(run, emphasis, true);
    }
    const layer = run.layers[layerIndex(run.layers, name)];
    const value = layer?.gradientNorm[shown.index];
    this.plot.moveCursor(shown.step, value === undefined || Number.isNaN(value) ? null : value);
  }

  private lines(run: RunView): Lines {
    const count = run.layers.length;
    this.layers = spread(count, MOST_LINES);
    const columns = Math.min(this.plot.width, MOST_POINTS / 2 / Math.max(1, this.layers.length));
    const width = this.layers.length > 30 ? 1 : 1.5;
    return this.layers.map((i) => {
      const values = run.layers[i].gradientNorm;
      const points = thin(run.history.step, values, this.axis, columns, true);
      return line(points, values, this.theme.depth(depthOf(i, count)), width);
    });
  }

  private emphasise(run: RunView, name: string | null, now: boolean): void {
    this.emphasis = name;
    const index = layerIndex(run.layers, name);
    if (index < 0) {
      this.plot.emphasise(null, now);
      return;
    }
    const values = run.layers[index].gradientNorm;
    const points = thin(run.history.step, values, this.axis, this.plot.width, true);
    const color = this.theme.depth(depthOf(index, run.layers.length));
    this.plot.emphasise({ points, values, color, fade: this.theme.highContrast ? 0.4 : 0.3 }, now);
  }

  private point(at: Pointed | null) {
    const layer = at && this.nearest(at);
    this.hover(layer?.name ?? null);
    if (!at || !this.run) return null;
    const { step } = this.run.history;
    const i = nearestIndex(step, at.x);
    const y = layer ? this.plot.yPixel(layer.gradientNorm[i]) : at.yPixel;
    const value = layer?.gradientNorm[i];
    const what = layer ? [`${layer.name}  ${formatNorm(value)}`, ...explain(value)] : [];
    return { x: this.plot.xPixel(step[i]), y, lines: [...what, `step ${formatInteger(step[i])}`] };
  }

  /** The layer whose line is nearest, within a finger's breadth. */
  private nearest(at: Pointed): LayerView | null {
    if (!this.run) return null;
    const i = nearestIndex(this.run.history.step, at.x);
    let best: LayerView | null = null;
    let distance = 24;
    for (const index of this.layers) {
      const layer = this.run.layers[index];
      const value = layer.gradientNorm[i];
      const d = Number.isNaN(value) ? Infinity : Math.abs(this.plot.yPixel(value) - at.yPixel);
      if (d < distance) {
        distance = d;
        best = layer;
      }
    }
    return best;
  }
}

export function explain(norm: number | undefined): string[] {
  if (norm === 0) return ['exactly zero: no gradient arrives'];
  return norm === Infinity ? ['a gradient here is NaN or infinite'] : [];
}

export function normAxis(run: RunView): Axis {
  const extent = emptyExtent();
  for (const layer of run.layers) extend(extent, layer.gradientNorm, true, true);
  if (run.before) extend(extent, run.before.gradientNorm, true, true);
  return logAxis(extent);
}
