const MINUS = '\u2212';
/** Making one for each number is slow. */
const INTEGER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Three significant digits, `1.2e−9` where zeros would have to be counted, `–` where nothing was measured. */
export function formatNumber(value: number | null, digits = 3): string {
  // JSON, which carries plain numbers to a webview, writes NaN as null.
  if (value === null || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-3 && size < 99_950);
  const text = plain ? rounded(value, digits) : shortExponential(value, digits);
  return text.replaceAll('-', MINUS);
}

function rounded(value: number, digits: number): string {
  const short = Number(value.toPrecision(digits));
  return Math.abs(short) < 10_000 ? String(short) : formatInteger(short);
}

function shortExponential(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** A gradient norm: infinite stands for "has NaN or ∞ in it", NaN for "not measured". */
export function formatNorm(value: number | undefined): string {
  return value === Infinity ? 'NaN or ∞' : formatNumber(value ?? Number.NaN);
}

/** `12,345`. */
export function formatInteger(value: number): string {
  return INTEGER.format(value);
}

/** `9,216`, `44.4 M`: for a narrow column. */
export function formatCount(value: number): string {
  if (value < 100_000) return formatInteger(value);
  const [unit, name] = value < 1e6 ? [1e3, 'K'] : value < 1e9 ? [1e6, 'M'] : [1e9, 'B'];
  return `${formatNumber(value / unit)} ${name}`;
}

export function formatSpread(mean: number | null, std: number | null): string {
  if (Number.isNaN(mean ?? Number.NaN)) return '–';
  return `${formatNumber(mean, 2)} ± ${formatNumber(std, 2)}`;
}

/** A power of ten as an axis label: `1e−9`, `0.01`, `1,000`. */
export function formatDecade(exponent: number): string {
  if (exponent >= -3 && exponent <= 4) return exponent < 0 ? String(10 ** exponent) : formatInteger(10 ** exponent);
  return `1e${exponent}`.replace('-', MINUS);
}

export function formatConfidence(confidence: number): string {
  const word =
    confidence >= 0.9 ? 'Very likely' : confidence >= 0.7 ? 'Likely' : confidence >= 0.5 ? 'Possible' : 'Uncertain';
  return `${word} · ${Math.round(confidence * 100)}%`;
}

/** `1 step`, `400 steps`. */
export function plural(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `12 s`, `3 min 20 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${formatNumber(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
