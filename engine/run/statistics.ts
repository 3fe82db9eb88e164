/**
 * The columns of a step frame, by name: what is measured, typed once. A run log carries the names it was written with,
 * so that a column added later is simply absent (NaN) in older logs. Append only.
 *
 * "Gradient" is the derivative of the loss with respect to the tensor; norms are L2 over all elements; std is the
 * population's; zeroShare is the share of elements that are exactly 0, in [0, 1]; nonFinite counts NaN and ±Infinity.
 */
export const PARAMETER_STATISTICS = [
  'gradientNorm',
  'gradientMean',
  'gradientStd',
  'gradientMin',
  'gradientMax',
  'gradientZeroShare',
  'gradientNonFinite',
  'weightNorm',
  'weightMean',
  'weightStd',
  'weightMin',
  'weightMax',
  /** ‖weight after the update − weight before it‖; NaN where no update was seen. Weights are measured before it. */
  'updateNorm',
  /** The gradient's norm right after the backward pass, where clipping or unscaling changed it before the update. */
  'gradientNormBefore',
  /** The norm of this rank's own gradient, before the ranks' were averaged. */
  'localGradientNorm',
  /**
   * Norm of what the gradient's buffer still held as this step's first backward pass added to it, although an update had
   * used it already. 0 or NaN where it had been zeroed, or changed on purpose.
   */
  'staleNorm',
  /** 1 where all units of a weight (indices of its first dimension) are the same, 0 where not; NaN for a vector or one unit. */
  'sameUnits',
] as const;

/** What is measured of a layer's or an operation's output, on the way forward and on the way back. */
export const ACTIVATION_STATISTICS = [
  'norm',
  'mean',
  'std',
  'min',
  'max',
  'zeroShare',
  'nonFinite',
  /** Norm of the loss's derivative with respect to the output. */
  'gradientNorm',
  /** ‖gradient passed on to the inputs‖ ÷ ‖gradient that came in‖; NaN where nothing was passed on. */
  'gain',
  /** Of ReLU: share of units (channels) that were 0 for each of the last 256 samples measured; NaN before so many. */
  'deadShare',
  /** Of sigmoid and tanh: share of elements where the derivative is below 1 % of its greatest. */
  'saturatedShare',
] as const;

export type ParameterStatistic = (typeof PARAMETER_STATISTICS)[number];
export type ActivationStatistic = (typeof ACTIVATION_STATISTICS)[number];
