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
  // erfc x = e^−x²/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))
  let fraction = a;
  for (let n = 60; n >= 1; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}

/** Rounds to the nearest integer, halves to the even one, as IEEE 754 and PyTorch do. */
export function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
