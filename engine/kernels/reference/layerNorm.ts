import type { Numbers } from '../../tensor/dtype.ts';

/** Rows whose part of the gradients of weight and bias is added up together. */
export const NORM_BLOCK = 64;

/** Along rows of `length` elements. `stats`: mean and 1/√(variance + eps) of each row, one after the other. */
export const layerNorm = {
  /** weight·(x − mean)/√(variance + eps) + bias. */
  layerNorm(
    x: Numbers,
    weight: Numbers,
    bias: Numbers,
    out: Numbers,
    stats: Numbers,
    length: number,
    eps: number,
  ): void {
    for (let r = 0, start = 0; start < x.length; r++, start += length) {
      let [sum, squares] = [0, 0];
      for (let i = 0; i < length; i++) sum += x[start + i];
      const mean = sum / length;
      for (let i = 0; i < length; i++) squares += (x[start + i] - mean) ** 2;
      const scale = 1 / Math.sqrt(squares / length + eps);
      for (let i = 0; i < length; i++) out[start + i] = (x[start + i] - mean) * scale * weight[i] + bias[i];
      stats[2 * r] = mean;
      stats[2 * r + 1] = scale;
    }
  },

  /**
   * The gradient of x: with y = (x − mean)·s and h = g·weight, s·(h − mean h − y·mean(h·y)) of each row. And for each
   * `NORM_BLOCK` rows Σ g·y, then Σ g, in `parts`.
   */
  layerNormBackward(
    g: Numbers,
    x: Numbers,
    weight: Numbers,
    stats: Numbers,
    dx: Numbers,
    parts: Numbers,
    length: number,
  ): void {
    parts.fill(0);
    for (let r = 0, start = 0; start < x.length; r++, start += length) {
      const [mean, scale] = [stats[2 * r], stats[2 * r + 1]];
      const part = Math.floor(r / NORM_BLOCK) * 2 * length;
      let [sum, along] = [0, 0];
      for (let i = 0; i < length; i++) {
        const y = (x[start + i] - mean) * scale;
        const v = g[start + i];
        sum += v * weight[i];
        along += v * weight[i] * y;
        parts[part + i] += v * y;
        parts[part + length + i] += v;
      }
      for (let i = 0; i < length; i++) {
        const y = (x[start + i] - mean) * scale;
        dx[start + i] = (g[start + i] * weight[i] - (sum + along * y) / length) * scale;
      }
    }
  },
};
