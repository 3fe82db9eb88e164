import type { LayerView, RunView } from '../../protocol.ts';
import { formatInteger, formatNorm } from '../format.ts';
import { emphasised, layerIndex, type Model, nearestIndex, type Shown } from '../state.ts';
import { depthOf, type Theme } from '../theme.ts';
import { type Axis, emptyExtent, extend, logAxis } from './axis.ts';
import { line } from './lines.ts';
import { stepAxis } from './loss.ts';
import { type Lines, Plot, type Pointed } from './plot.ts';
import { spread, thin } from './thin.ts';

/** More lines than these can't be told apart, and more points than these can't be drawn ten times a second. */
export const MOST_LINES = 160;
const MOST_POINTS = 32_000;

/** Gradient norm of each layer over steps: one line per layer, coloured by depth. */
export class NormsChart {
  private readonly plot: Plot;
  private run: RunView | null = null;
  private theme!: Theme;
  private axis!: Axis;
  /** Indices of the layers drawn; one line more follows them, for emphasis. */
  private layers: number[] = [];
  private lines: Lines = [];
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
      this.build(run, emphasis);
      this.points = this.plot.draw(this.lines, stepAxis(run.history.step), axis, theme);
      // The first drawing settles the width.
      this.width = Math.round(this.plot.width);
    } else if (emphasis !== this.emphasis) {
      this.emphasise(run, emphasis);
      this.plot.restyle();
    }
    const layer = run.layers[layerIndex(run.layers, name)];
    const value = layer?.gradientNorm[shown.index];
    this.plot.moveCursor(shown.step, value === undefined || Number.isNaN(value) ? null : value);
  }

  private build(run: RunView, emphasis: string | null): void {
    this.layers = spread(run.layers.length, MOST_LINES);
    const columns = Math.min(this.plot.width, MOST_POINTS / 2 / Math.max(1, this.layers.length));
    this.lines = this.layers.map((i) => this.lineOf(run, i, columns, 1.5));
    this.emphasise(run, emphasis);
  }

  private lineOf(run: RunView, index: number, columns: number, width: number): Lines[number] {
    const values = run.layers[index].gradientNorm;
    const points = thin(run.history.step, values, this.axis, columns, true);
    return line(points, values, this.theme.depth(depthOf(index, run.layers.length)), width);
  }

  private emphasise(run: RunView, name: string | null): void {
    this.emphasis = name;
    const index = layerIndex(run.layers, name);
    const alpha = index < 0 ? 1 : this.theme.highContrast ? 0.4 : 0.22;
    this.layers.forEach((layer, i) => {
      const color = this.theme.depth(depthOf(layer, run.layers.length), alpha);
      Object.assign(this.lines[i], { borderColor: color, pointBackgroundColor: color, pointBorderColor: color });
    });
    this.lines.length = this.layers.length;
    // Chart.js draws the first dataset on top.
    if (index >= 0) this.lines.push({ ...this.lineOf(run, index, this.plot.width, 3), order: -1 });
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
  return logAxis(extent);
}
