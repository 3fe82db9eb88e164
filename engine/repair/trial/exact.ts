/** `a` of `n` with a remedy against `b` of `m` without. */
export interface Counts {
  readonly a: number;
  readonly n: number;
  readonly b: number;
  readonly m: number;
}

const logFactorials = [0];

function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n];
}

const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** One-sided p of Fisher's exact test: that the remedy cures at least so many by chance, given how many were cured. */
export function fisher({ a, n, b, m }: Counts): number {
  const cured = a + b;
  let p = 0;
  for (let k = a; k <= Math.min(n, cured); k++) {
    if (cured - k > m) continue;
    p += Math.exp(logChoose(n, k) + logChoose(m, cured - k) - logChoose(n + m, cured));
  }
  return Math.min(1, p);
}

const binomial = (n: number, k: number, p: number) => Math.exp(logChoose(n, k)) * p ** k * (1 - p) ** (n - k);

/** Points at which the unknown common share of cures is tried. */
const GRID = 1000;
/** Equal p values differ by rounding. */
const TOLERANCE = 1 + 1e-9;

/**
 * One-sided p of Boschloo's exact test (1970): the largest chance, over every common share of cures, of counts whose
 * Fisher p is as small. Exact as Fisher's, and never weaker: only the seeds of an arm are fixed, not how many are cured.
 */
export function boschloo(counts: Counts): number {
  const { n, m } = counts;
  const limit = fisher(counts) * TOLERANCE;
  const extreme: [number, number][] = [];
  for (let a = 0; a <= n; a++) {
    for (let b = 0; b <= m; b++) if (fisher({ a, n, b, m }) <= limit) extreme.push([a, b]);
  }
  let worst = 0;
  for (let i = 0; i <= GRID; i++) {
    const share = i / GRID;
    let p = 0;
    for (const [a, b] of extreme) p += binomial(n, a, share) * binomial(m, b, share);
    worst = Math.max(worst, p);
  }
  return Math.min(1, worst);
}
