/** What our engine measures in the benchmark of watching: parameters at every step; or that and all that is sampled. */
export const PARAMETERS = 'complete statistics';
export const ALL = 'with histograms, activations, gains';
/** What both are held against. */
export const PLAIN = 'without';
