import type { Chart } from 'chart.js';
import { isSpecial } from './lines.ts';
import type { Point } from './thin.ts';

/** One line that stands out while the others fade. */
export interface Emphasis {
  readonly points: readonly Point[];
  readonly values: Float32Array;
  readonly color: string;
  /** Opacity of the others. */
  readonly fade: number;
}

/**
 * A Chart.js plugin that emphasises a line while drawing. As part of the datasets it would make Chart.js lay out all
 * points of all lines again, for every layer that the pointer passes.
 */
export function emphasisPlugin(current: () => Emphasis | null) {
  return {
    id: 'emphasis',
    beforeDatasetsDraw({ ctx }: Chart) {
      ctx.save();
      ctx.globalAlpha = current()?.fade ?? 1;
    },
    afterDatasetsDraw(chart: Chart) {
      chart.ctx.restore();
      const emphasis = current();
      if (emphasis) stroke(chart, emphasis);
    },
  };
}

function stroke({ ctx, scales, chartArea }: Chart, { points, values, color }: Emphasis): void {
  const { left, top, width, height } = chartArea;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top - 4, width + 4, height + 8);
  ctx.clip();
  Object.assign(ctx, { strokeStyle: color, fillStyle: color, lineWidth: 3, lineJoin: 'round' });
  const solid = new Path2D();
  const dotted = new Path2D();
  points.forEach((point, i) => {
    const x = scales.x.getPixelForValue(point.x);
    const y = scales.y.getPixelForValue(point.y);
    const special = isSpecial(values[point.at]);
    const before = points[i - 1];
    if (before) {
      const path = special || isSpecial(values[before.at]) ? dotted : solid;
      path.moveTo(scales.x.getPixelForValue(before.x), scales.y.getPixelForValue(before.y));
      path.lineTo(x, y);
    }
    if (special || points.length === 1) ctx.fillRect(x - 2, y - 2, 4, 4);
  });
  ctx.stroke(solid);
  ctx.setLineDash([1, 4]);
  ctx.stroke(dotted);
  ctx.restore();
}
