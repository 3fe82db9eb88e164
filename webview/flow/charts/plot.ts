import { Chart, LinearScale, LineController, LineElement, PointElement } from 'chart.js';
import type { Theme } from '../theme.ts';
import type { Axis } from './axis.ts';
import { type Emphasis, emphasisPlugin } from './emphasis.ts';
import type { Lines } from './lines.ts';
import type { Point } from './thin.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale);

export interface XAxis {
  readonly min: number;
  readonly max: number;
  label(value: number): string;
}

/** What the pointer is on: a place in the chart's own units, and in pixels for what is nearest. */
export interface Pointed {
  readonly x: number;
  readonly yPixel: number;
}

export interface PlotListener {
  /** null when the pointer leaves. Answers with the tip's lines and where it points, or nothing. */
  point(at: Pointed | null): Tip | null;
  pick(at: Pointed): void;
  open?(at: Pointed): void;
  resized(): void;
}

export interface Tip {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

/** All vertical axes are as wide, so that charts above each other share their steps' places. */
const AXIS_WIDTH = 54;

/** A Chart.js chart with a cursor and a tip that move over it without drawing it again. */
export class Plot {
  readonly element = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly cursor = document.createElement('div');
  private readonly dot = document.createElement('div');
  private readonly tip = document.createElement('div');
  private readonly chart: Chart<'line', Point[]>;
  private y: Axis | null = null;
  private bandColor = '';
  private emphasis: Emphasis | null = null;
  private cursorAt: { x: number; y: number | null } | null = null;

  constructor(label: string, listener: PlotListener) {
    this.element.className = 'plot';
    this.canvas.setAttribute('role', 'img');
    this.canvas.setAttribute('aria-label', label);
    this.cursor.className = 'plot-cursor';
    this.dot.className = 'plot-dot';
    this.tip.className = 'plot-tip';
    this.element.append(this.canvas, this.cursor, this.dot, this.tip);
    this.chart = new Chart<'line', Point[]>(this.canvas, {
      type: 'line',
      plugins: [{ id: 'bands', beforeDatasetsDraw: () => this.drawBands() }, emphasisPlugin(() => this.emphasis)],
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        events: [],
        maintainAspectRatio: false,
        layout: { padding: { top: 6, right: 12 } },
        elements: { line: { borderWidth: 1.5, borderJoinStyle: 'round' }, point: { radius: 0 } },
        scales: {
          x: { type: 'linear', border: { display: false }, ticks: { includeBounds: false, maxRotation: 0 } },
          y: {
            type: 'linear',
            border: { display: false },
            ticks: { autoSkip: false, padding: 6 },
            afterFit: (scale) => {
              scale.width = AXIS_WIDTH;
            },
          },
        },
        onResize: () => listener.resized(),
      },
    });
    this.listen(listener);
  }

  /** Draws anew; answers with the number of points drawn. */
  draw(lines: Lines, x: XAxis, y: Axis, theme: Theme): number {
    this.y = y;
    this.bandColor = theme.band;
    const { scales, font } = this.chart.options as { scales: Record<'x' | 'y', Record<string, unknown>>; font: object };
    Object.assign(font ?? {}, { family: theme.fontFamily, size: theme.fontSize });
    for (const axis of ['x', 'y'] as const) {
      const options = scales[axis] as { ticks: object; grid: object };
      Object.assign(options.ticks, { color: theme.muted, font: { family: theme.fontFamily, size: theme.fontSize } });
      options.grid = { color: theme.grid, drawTicks: false };
    }
    Object.assign(scales.x, { min: x.min, max: x.max });
    Object.assign(scales.x.ticks as object, { callback: (value: number) => x.label(value) });
    Object.assign(scales.y, {
      min: y.min,
      max: y.max,
      afterBuildTicks: (scale: { ticks: unknown; height: number; chart: Chart }) => {
        scale.ticks = y.ticks(Math.floor((scale.height || scale.chart.height) / 26));
      },
    });
    Object.assign(scales.y.ticks as object, {
      callback: (_: number, i: number, ticks: { label: string }[]) => ticks[i].label,
    });
    this.setLines(lines);
    // Not in mode `none`, in which points keep the colours they first had.
    this.chart.update();
    this.placeCursor();
    return lines.reduce((sum, _, i) => sum + this.chart.getDatasetMeta(i).data.length, 0);
  }

  /** Chart.js keeps its points for datasets that it knows. */
  private setLines(lines: Lines): void {
    const { datasets } = this.chart.data;
    if (datasets.length !== lines.length) this.chart.data.datasets = lines;
    else lines.forEach((line, i) => void Object.assign(datasets[i], { segment: undefined }, line));
  }

  /** To be seen from the next drawing on, or from now. */
  emphasise(emphasis: Emphasis | null, now: boolean): void {
    this.emphasis = emphasis;
    if (now) this.chart.draw();
  }

  get width(): number {
    return this.chart.chartArea?.width || this.element.clientWidth || 300;
  }

  xPixel(x: number): number {
    return this.chart.scales.x.getPixelForValue(x);
  }

  yPixel(value: number): number {
    return this.y ? this.chart.scales.y.getPixelForValue(this.y.place(value)) : Number.NaN;
  }

  /** The vertical line at `x`, with a dot at `y`. */
  moveCursor(x: number | null, y: number | null = null): void {
    this.cursorAt = x === null ? null : { x, y };
    this.placeCursor();
  }

  private drawBands(): void {
    const { ctx, chartArea, scales } = this.chart;
    if (!this.y) return;
    ctx.fillStyle = this.bandColor;
    for (const [from, to] of [
      [this.y.max, this.y.high],
      [this.y.low, this.y.min],
    ]) {
      const top = scales.y.getPixelForValue(from);
      ctx.fillRect(chartArea.left, top, chartArea.width, scales.y.getPixelForValue(to) - top);
    }
  }

  private placeCursor(): void {
    const area = this.chart.chartArea;
    const at = this.cursorAt;
    this.cursor.hidden = !at || !area;
    this.dot.hidden = !at || !area || at.y === null || Number.isNaN(this.yPixel(at.y));
    if (!at || !area) return;
    const x = this.xPixel(at.x);
    Object.assign(this.cursor.style, {
      transform: `translateX(${x}px)`,
      top: `${area.top}px`,
      height: `${area.height}px`,
    });
    if (at.y !== null) this.dot.style.transform = `translate(${x}px, ${this.yPixel(at.y)}px)`;
  }

  private showTip(tip: Tip | null): void {
    this.tip.hidden = tip === null;
    if (!tip) return;
    this.tip.replaceChildren(
      ...tip.lines.map((line) => Object.assign(document.createElement('div'), { textContent: line })),
    );
    const left = tip.x > this.element.clientWidth / 2 ? tip.x - this.tip.offsetWidth - 12 : tip.x + 12;
    const top = Math.min(
      this.element.clientHeight - this.tip.offsetHeight - 4,
      Math.max(4, tip.y - this.tip.offsetHeight / 2),
    );
    this.tip.style.transform = `translate(${Math.max(2, left)}px, ${top}px)`;
  }

  private listen(listener: PlotListener): void {
    const at = (event: MouseEvent): Pointed => {
      const box = this.canvas.getBoundingClientRect();
      const x = this.chart.scales.x.getValueForPixel(event.clientX - box.left) ?? 0;
      return { x, yPixel: event.clientY - box.top };
    };
    this.tip.hidden = true;
    this.canvas.addEventListener('pointermove', (event) => {
      if (event.buttons & 1) listener.pick(at(event));
      this.showTip(listener.point(at(event)));
    });
    this.canvas.addEventListener('pointerleave', () => this.showTip(listener.point(null)));
    this.canvas.addEventListener('pointerdown', (event) => {
      if (event.button === 0) listener.pick(at(event));
    });
    this.canvas.addEventListener('dblclick', (event) => listener.open?.(at(event)));
  }
}
