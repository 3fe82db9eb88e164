import type { LayerVerdict, RunView } from '../../protocol.ts';
import { formatNorm } from '../format.ts';
import { emphasised, layerIndex, type Model, type Shown } from '../state.ts';
import type { Theme } from '../theme.ts';
import { VERDICT_WORDS } from '../verdict.ts';
import type { Axis } from './axis.ts';
import type { Lines } from './lines.ts';
import { explain } from './norms.ts';
import { Plot, type Pointed } from './plot.ts';
import type { Point } from './thin.ts';

/** Chart.js's names; the same shapes as the icons of the table. */
const SHAPES: Record<LayerVerdict, { style: 'circle' | 'triangle' | 'crossRot' | 'rectRot'; rotation: number }> = {
  unknown: { style: 'circle', rotation: 0 },
  healthy: { style: 'circle', rotation: 0 },
  concerned: { style: 'rectRot', rotation: 0 },
  vanishing: { style: 'triangle', rotation: 180 },
  exploding: { style: 'triangle', rotation: 0 },
  'non-finite': { style: 'crossRot', rotation: 0 },
};

const VERDICTS = Object.keys(SHAPES) as LayerVerdict[];

/** Gradient norm by depth at one step: where along the network the gradient fades or grows. */
export class DepthChart {
  private readonly plot: Plot;
  private run: RunView | null = null;
  private shown: Shown | null = null;
  private drawn: readonly unknown[] = [];
  points = 0;
  private readonly hover: (layer: string | null) => void;

  constructor(
    hover: (layer: string | null) => void,
    select: (layer: string) => void,
    open: (layer: string) => void,
    resized: () => void,
  ) {
    this.hover = hover;
    this.plot = new Plot('Gradient norm by depth at the step shown', {
      point: (at) => this.point(at),
      pick: (at) => withName(this.layerAt(at)?.name, select),
      open: (at) => withName(this.layerAt(at)?.name, open),
      resized,
    });
  }

  get element(): HTMLElement {
    return this.plot.element;
  }

  update(run: RunView, axis: Axis, model: Model, shown: Shown, theme: Theme): void {
    const chosen = layerIndex(run.layers, emphasised(model));
    const drawn = [run, shown.measured, theme, Math.round(this.plot.width)];
    if (drawn.some((value, i) => value !== this.drawn[i])) {
      this.drawn = drawn;
      this.run = run;
      this.shown = shown;
      this.draw(run, axis, shown, theme);
    }
    this.plot.moveCursor(chosen < 0 ? null : chosen, run.layers[chosen]?.gradientNorm[shown.measured] ?? null);
  }

  private draw(run: RunView, axis: Axis, shown: Shown, theme: Theme): void {
    const { layers } = run;
    const points: Point[] = [];
    layers.forEach((layer, i) => {
      const norm = layer.gradientNorm[shown.measured];
      if (!Number.isNaN(norm)) points.push({ x: i, y: axis.place(norm), at: i });
    });
    const dense = layers.length > 300;
    const radius = dense ? 2 : layers.length > 60 ? 3 : 4.5;
    // A dataset for each verdict: Chart.js shares what all points of a dataset have in common.
    const lines: Lines = VERDICTS.map((verdict) => ({
      data: points.filter((point) => layers[point.at].verdict === verdict),
      showLine: false,
      pointRadius: radius,
      pointStyle: SHAPES[verdict].style,
      pointRotation: SHAPES[verdict].rotation,
      pointBackgroundColor: verdict === 'unknown' ? theme.background : theme.verdict[verdict],
      pointBorderColor: theme.verdict[verdict],
      pointBorderWidth: dense && verdict !== 'non-finite' ? 0 : 1.5,
    }));
    lines.push({ data: points, borderColor: theme.faint, borderWidth: 1.5, pointRadius: 0 });
    const { before } = run;
    if (before) {
      const earlier = Array.from(before.gradientNorm, (norm, i): Point => ({ x: i, y: axis.place(norm), at: i }));
      const data = earlier.filter(({ at }) => !Number.isNaN(before.gradientNorm[at]));
      lines.push({ data, borderColor: theme.muted, borderWidth: 1.5, borderDash: [5, 4], pointRadius: 0 });
    }
    const last = Math.max(1, layers.length - 1);
    const x = { min: -0.03 * last, max: 1.03 * last, label: (value: number) => shortName(layers[value]?.name) };
    this.plot.draw(lines, x, axis, theme);
    this.points = points.length;
  }

  private layerAt(at: Pointed) {
    const layers = this.run?.layers ?? [];
    return layers[Math.min(layers.length - 1, Math.max(0, Math.round(at.x)))];
  }

  private point(at: Pointed | null) {
    const layer = at ? this.layerAt(at) : undefined;
    this.hover(layer?.name ?? null);
    if (!layer || !this.run || !this.shown) return null;
    const norm = layer.gradientNorm[this.shown.measured];
    const lines = [`${layer.name}  ${formatNorm(norm)}`, ...explain(norm), VERDICT_WORDS[layer.verdict]];
    return { x: this.plot.xPixel(this.run.layers.indexOf(layer)), y: this.plot.yPixel(norm), lines };
  }
}

function withName(name: string | undefined, act: (name: string) => void): void {
  if (name !== undefined) act(name);
}

/** The end of a path says most: `…blocks.3.fc`. */
function shortName(name = ''): string {
  return name.length > 14 ? `…${name.slice(-13)}` : name;
}
