/**
 * erf(x) to double precision: the Maclaurin series below 2.5, the continued fraction of erfc above (Abramowitz & Stegun,
 * Handbook of Mathematical Functions, 7.1.6 and 7.1.14).
 */
export function errorFunction(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    // erf x = 2/√π · e^−x² · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  return Math.sign(x) * (1 - errorTail(a));
}

/** 1 − erf(x) for x ≥ 2.5: e^−x²/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))). */
function errorTail(x: number): number {
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** x with erf(x) = y, by Winitzki's approximation (2008) and Halley's steps; NaN outside [−1, 1]. */
export function inverseErrorFunction(y: number): number {
  const a = Math.abs(y);
  if (!(a < 1)) return a === 1 ? y * Infinity : Number.NaN;
  if (a < 1e-8) return (y * Math.sqrt(Math.PI)) / 2;
  const log = Math.log((1 - a) * (1 + a));
  const half = 2 / (Math.PI * 0.147) + log / 2;
  let x = Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
  for (let step = 0; step < 3; step++) {
    // Near 1 the difference of the tails still has digits that the difference of the values has lost.
    const error = x < 2.5 ? errorFunction(x) - a : 1 - a - errorTail(x);
    const newton = error / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
    x -= newton / (1 + x * newton);
  }
  return Math.sign(y) * x;
}

/** Bernoulli numbers B₂, B₄ … B₁₆. */
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

const isPole = (x: number): boolean => x <= 0 && Number.isInteger(x);

/** ln |Γ(x)|; ∞ at 0, −1, −2 … */
export function logGamma(x: number): number {
  if (isPole(x) || Math.abs(x) === Infinity) return Infinity;
  // Γ(x)·Γ(1 − x) = π/sin πx
  if (x < 0) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * (x - Math.round(x))))) - logGamma(1 - x);
  // Γ(x + n) = x(x + 1)…(x + n − 1)·Γ(x), with Stirling's series far out (Abramowitz & Stegun 6.1.41).
  let [z, product] = [x, 1];
  for (; z < 15; z++) product *= z;
  let series = 0;
  bernoulli.forEach((b, k) => {
    series += b / ((2 * k + 2) * (2 * k + 1) * z ** (2 * k + 1));
  });
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

/** ψ(x) = (ln Γ)'(x). At 0 it is −∞ from the right; NaN at −1, −2 … */
function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
  if (isPole(x) || x === -Infinity) return Number.NaN;
  // ψ(1 − x) − ψ(x) = π·cot πx
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  let [z, sum] = [x, 0];
  for (; z < 15; z++) sum -= 1 / z;
  bernoulli.forEach((b, k) => {
    sum -= b / ((2 * k + 2) * z ** (2 * k + 2));
  });
  return sum + Math.log(z) - 0.5 / z;
}

/** Hurwitz's ζ(s, x) = Σₖ (x + k)^−s for an integer s > 1 (Abramowitz & Stegun 23.1.30, Euler–Maclaurin). */
function zeta(s: number, x: number): number {
  if (x === -Infinity || Number.isNaN(x)) return Number.NaN;
  if (isPole(x)) return Infinity;
  if (x < 0) {
    // The sum over all integers, which depends on the fraction only, less that over the negative ones.
    const fraction = x - Math.floor(x);
    return zeta(s, fraction) + (-1) ** s * (zeta(s, 1 - fraction) - zeta(s, 1 - x));
  }
  let [z, sum] = [x, 0];
  for (; z < 15; z++) sum += z ** -s;
  if (z === Infinity) return 0;
  sum += z ** (1 - s) / (s - 1) + 0.5 * z ** -s;
  // B₂ₖ₊₂/(2k+2)! · s(s+1)…(s+2k) · z^−(s+2k+1)
  let factor = s / 2;
  bernoulli.forEach((b, k) => {
    sum += b * factor * z ** (-s - 2 * k - 1);
    factor *= ((s + 2 * k + 1) * (s + 2 * k + 2)) / ((2 * k + 3) * (2 * k + 4));
  });
  return sum;
}

/** The derivative of order `order` of ψ; ψ itself for 0. */
export function polygamma(order: number, x: number): number {
  if (order === 0) return digamma(x);
  let factorial = 1;
  for (let k = 2; k <= order; k++) factorial *= k;
  return (-1) ** (order + 1) * factorial * zeta(order + 1, x);
}

/** Rounds to the nearest integer, halves to the even one, as IEEE 754 and PyTorch do. */
export function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
