/** A small chart for a hover, as an image that needs nothing else: SVG in a data URI. Log scale, gaps for what isn't positive. */
export function sparkline(values: readonly number[], color: string): string {
  const logs = values.map((x) => (x > 0 && Number.isFinite(x) ? Math.log10(x) : Number.NaN));
  const known = logs.filter((y) => !Number.isNaN(y));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low || 1;
  const x = (i: number) => 2 + (i * (WIDTH - 4)) / Math.max(1, values.length - 1);
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
