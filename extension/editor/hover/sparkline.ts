interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A small chart for a hover, as an image that needs nothing else: SVG in a data URI. Log scale, gaps for what isn't
 * positive. `points`: by increasing x.
 */
export function sparkline(points: readonly Point[], color: string): string {
  const logs = points.map(({ y }) => (y > 0 && Number.isFinite(y) ? Math.log10(y) : Number.NaN));
  const known = logs.filter((y) => !Number.isNaN(y));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low || 1;
  const [first, last] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
  const x = (i: number) => 2 + ((points[i].x - first) * (WIDTH - 4)) / (last - first || 1);
  const y = (log: number) => HEIGHT - 3 - ((log - low) / span) * (HEIGHT - 6);
  let path = '';
  logs.forEach((log, i) => {
    if (Number.isNaN(log)) return;
    path += `${i === 0 || Number.isNaN(logs[i - 1]) ? 'M' : 'L'}${x(i).toFixed(1)} ${y(log).toFixed(1)}`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">` +
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="1.5" stroke-linejoin="round"/></svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

const WIDTH = 160;
const HEIGHT = 28;
