/** sRGB in [0, 1]. */
export type Rgb = readonly [number, number, number];
/** OKLab: lightness in [0, 1], then green–red and blue–yellow. Distances in it look alike everywhere. */
type Lab = readonly [number, number, number];

/** Reads `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(…)` and `rgba(…)`, over `behind` where it's translucent. */
export function parseColor(text: string, behind: Rgb = [0, 0, 0]): Rgb | null {
  const value = text.trim();
  const hex = /^#([0-9a-f]{3,8})$/i.exec(value)?.[1];
  const parts = hex ? hexParts(hex) : numberParts(value);
  if (!parts || parts.some(Number.isNaN)) return null;
  const alpha = parts[3] ?? 1;
  const over = (i: number) => parts[i] * alpha + behind[i] * (1 - alpha);
  return [over(0), over(1), over(2)];
}

function hexParts(hex: string): number[] {
  const long = hex.length < 6 ? [...hex].map((c) => c + c).join('') : hex;
  return (long.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16) / 255);
}

function numberParts(text: string): number[] | null {
  const inner = /^rgba?\((.*)\)$/i.exec(text)?.[1];
  if (!inner) return null;
  return inner
    .split(/[\s,/]+/)
    .map((part, i) => Number.parseFloat(part) / (i < 3 ? 255 : part.endsWith('%') ? 100 : 1));
}

export function css([r, g, b]: Rgb, alpha = 1): string {
  const byte = (v: number) => Math.round(Math.min(1, Math.max(0, v)) * 255);
  return `rgba(${byte(r)}, ${byte(g)}, ${byte(b)}, ${alpha})`;
}

const linear = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const gamma = (v: number) => (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);

/** Björn Ottosson's matrices, https://bottosson.github.io/posts/oklab/. */
export function toLab(rgb: Rgb): Lab {
  const [r, g, b] = rgb.map(linear);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

export function toRgb([lightness, a, b]: Lab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** WCAG's contrast ratio, 1 … 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([r, g, b]: Rgb) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** No hue should shout louder than the others. */
function subdued([l, a, b]: Lab): Lab {
  const scale = Math.min(1, 0.16 / Math.hypot(a, b));
  return [l, a * scale, b * scale];
}

/**
 * Colours from early to late: the hues of `anchors` in turn, with lightness rising steadily between two values that
 * both stand out from the background. Steady lightness keeps the order readable without any colour vision.
 */
export function depthRamp(anchors: readonly Rgb[], background: Rgb): (t: number) => Rgb {
  const labs = anchors.map(toLab).map(subdued);
  const [from, to] = toLab(background)[0] < 0.5 ? [0.58, 0.9] : [0.4, 0.68];
  return (t) => {
    const at = Math.min(1, Math.max(0, t)) * (labs.length - 1);
    const i = Math.min(labs.length - 2, Math.floor(at));
    const mix = (axis: 1 | 2) => labs[i][axis] + (labs[i + 1][axis] - labs[i][axis]) * (at - i);
    return toRgb([from + (to - from) * t, mix(1), mix(2)]);
  };
}
