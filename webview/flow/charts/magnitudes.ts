import type { MagnitudesView } from '../../protocol.ts';
import { nearestIndex } from '../state.ts';
import type { Theme } from '../theme.ts';

/** As wide as the axes of the other charts. */
const LEFT = 54;
const [TOP, BOTTOM] = [6, 20];
/** Between what is over time and what is at one step, and behind it. */
const GAP = 14;
const RIGHT = 12;
/** The part of the width that the step shown takes. */
const SHARE = 0.26;
const LEAST_TICK = 34;
const LOG10_OF_2 = Math.log10(2);
/** A gradient spread over less than this many powers of two is drawn in a frame as high. */
const LEAST_BINS = 12;

/** Magnitudes by powers of two upwards; over time to the right, darker where there are more; and those of the step shown as bars. */
export class MagnitudesChart {
  readonly element = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private view: MagnitudesView | null = null;

  constructor(scrub: (step: number) => void, resized: () => void) {
    this.element.className = 'plot';
    this.canvas.setAttribute('role', 'img');
    this.element.append(this.canvas);
    this.canvas.addEventListener('click', (event) => {
      if (!this.view) return;
      const { strip } = this.layout();
      const at = (event.offsetX - LEFT) / strip;
      const { step } = this.view;
      if (at >= 0 && at <= 1) scrub(step[nearestIndex(step, step[0] + at * (step[step.length - 1] - step[0]))]);
    });
    new ResizeObserver(resized).observe(this.element);
  }

  update(view: MagnitudesView, step: number, theme: Theme): void {
    this.view = view;
    const { width, height, strip } = this.layout();
    if (width < LEFT + RIGHT || height < TOP + BOTTOM) return;
    const scale = window.devicePixelRatio;
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== across || this.canvas.height !== down) {
      this.canvas.width = across;
      this.canvas.height = down;
    }
    const context = this.canvas.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `${theme.fontSize}px ${theme.fontFamily}`;
    const at = nearestIndex(view.step, step);
    const bins = Math.max(view.bins, LEAST_BINS);
    const least = view.first - Math.floor((bins - view.bins) / 2);
    const y = (exponent: number) => height - BOTTOM - ((exponent - least) / bins) * (height - TOP - BOTTOM);
    decades(context, { least, bins, y, width, theme });
    drawStrip(context, { view, at, y, strip, height, theme });
    drawBars(context, { view, at, y, left: LEFT + strip + GAP, right: width - RIGHT, bottom: height - BOTTOM, theme });
    this.canvas.setAttribute('aria-label', describe(view, at));
  }

  private layout(): { width: number; height: number; strip: number } {
    const { clientWidth: width, clientHeight: height } = this.element;
    return { width, height, strip: (width - LEFT - GAP - RIGHT) * (1 - SHARE) };
  }
}

type Height = (exponent: number) => number;

/** A line and a number at powers of ten, as many as there is room for. */
function decades(
  context: CanvasRenderingContext2D,
  { least, bins, y, width, theme }: { least: number; bins: number; y: Height; width: number; theme: Theme },
): void {
  const [low, high] = [Math.ceil(least * LOG10_OF_2), Math.floor((least + bins) * LOG10_OF_2)];
  const room = Math.max(1, Math.floor((y(least) - y(least + bins)) / LEAST_TICK));
  const every = Math.max(1, Math.ceil((high - low + 1) / room));
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let decade = low; decade <= high; decade++) {
    if (decade % every !== 0) continue;
    const at = y(decade / LOG10_OF_2);
    context.fillStyle = theme.grid;
    context.fillRect(LEFT, at - 0.5, width - LEFT - RIGHT, 1);
    context.fillStyle = theme.muted;
    context.fillText(decade === 0 ? '1' : `1e${decade < 0 ? '−' : ''}${Math.abs(decade)}`, LEFT - 6, at);
  }
}

function drawStrip(
  context: CanvasRenderingContext2D,
  of: { view: MagnitudesView; at: number; y: Height; strip: number; height: number; theme: Theme },
): void {
  const { view, at, y, strip, height, theme } = of;
  const { step, first, bins, share } = view;
  const [from, to] = [step[0], step[step.length - 1]];
  const x = (value: number) => LEFT + (to > from ? (value - from) / (to - from) : 0) * strip;
  const most = share.reduce((a, b) => Math.max(a, b), 0);
  context.fillStyle = theme.accent;
  for (let i = 0; i < step.length; i++) {
    // what was measured at a step stands until the next one that was
    const [left, right] = [x(step[i]), i + 1 < step.length ? x(step[i + 1]) : LEFT + strip];
    for (let bin = 0; bin < bins; bin++) {
      const value = share[i * bins + bin];
      if (value === 0) continue;
      // as the root, so that tails are seen
      context.globalAlpha = 0.08 + 0.92 * Math.sqrt(value / most);
      const top = y(first + bin + 1);
      context.fillRect(left, top, Math.max(1, right - left + 0.5), y(first + bin) - top);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = theme.foreground;
  if (step.length > 1) context.fillRect(x(step[at]) - 0.5, TOP, 1, height - TOP - BOTTOM);
  context.fillStyle = theme.muted;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillText(from.toLocaleString('en'), LEFT, height - 5);
  context.textAlign = 'right';
  if (to > from) context.fillText(`step ${to.toLocaleString('en')}`, LEFT + strip, height - 5);
}

function drawBars(
  context: CanvasRenderingContext2D,
  of: { view: MagnitudesView; at: number; y: Height; left: number; right: number; bottom: number; theme: Theme },
): void {
  const { view, at, y, left, right, bottom, theme } = of;
  const { first, bins, share } = view;
  const shown = share.subarray(at * bins, (at + 1) * bins);
  const most = shown.reduce((a, b) => Math.max(a, b), 0);
  context.fillStyle = theme.accent;
  shown.forEach((value, bin) => {
    if (value === 0) return;
    const top = y(first + bin + 1);
    const height = y(first + bin) - top;
    context.fillRect(left, top + 0.5, Math.max(1, ((right - left) * value) / most), Math.max(1, height - 1));
  });
  context.fillStyle = theme.faint;
  context.fillRect(left - 1, TOP, 1, bottom - TOP);
}

/** For who can't see it: where most of the elements are. */
function describe({ first, bins, share, step }: MagnitudesView, at: number): string {
  const shown = share.subarray(at * bins, (at + 1) * bins);
  const most = shown.indexOf(shown.reduce((a, b) => Math.max(a, b), 0));
  if (most < 0 || bins === 0) return `Gradient magnitudes at step ${step[at]}: none.`;
  const power = (exponent: number) => (2 ** exponent).toExponential(1);
  return `Gradient magnitudes at step ${step[at]}: from ${power(first)} to ${power(first + bins)}, most about ${power(first + most)}.`;
}
