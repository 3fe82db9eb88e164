import { onesLike } from '../../tensor/create.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { byName, type Given } from './given.ts';

export interface DropoutOptions {
  /** Probability of zero. Default 0.5. */
  readonly p?: number;
  /** Default true. */
  readonly training?: boolean;
}

type Rest = Given<[p: number, training: boolean], DropoutOptions>;

/** 1 with probability 1 − p, else 0: one for each element, or one for each channel of [n, c, …]. Null if nothing is dropped. */
function fates(owner: string, x: Tensor, rest: Rest, channels: boolean): { kept: Tensor; p: number } | null {
  const { p = 0.5, training = true } = byName<DropoutOptions>(owner, ['p', 'training'], rest);
  if (!(p >= 0 && p <= 1)) throw new ArgumentError(`${owner}: expected a probability from 0 to 1, got ${p}.`);
  if (!training || p === 0) return null;
  let like = x.detach();
  for (let dim = 2; channels && dim < x.shape.length; dim++) like = like.slice(dim, 0, 1);
  return { kept: onesLike(like).bernoulli_(1 - p), p };
}

const dropper =
  (owner: string, channels: boolean) =>
  (x: Tensor, ...rest: Rest): Tensor => {
    const drawn = fates(owner, x, rest, channels);
    if (drawn === null) return x;
    return drawn.p === 1 ? x.mul(0) : x.mul(drawn.kept.div_(1 - drawn.p));
  };

/** While training, zeroes elements with probability `p` and scales the others by 1/(1 − p) (Srivastava et al. 2014). */
export const dropout = dropper('dropout', false);
/** Drops whole channels of [n, c, length]. */
export const dropout1d = dropper('dropout1d', true);
/** Drops whole channels of [n, c, h, w]. */
export const dropout2d = dropper('dropout2d', true);
/** Drops whole channels of [n, c, d, h, w]. */
export const dropout3d = dropper('dropout3d', true);

/** The lower limit of selu, −λα. */
const LIMIT = -1.7580993408473766;

const alphaDropper =
  (owner: string, channels: boolean) =>
  (x: Tensor, ...rest: Rest): Tensor => {
    const drawn = fates(owner, x, rest, channels);
    if (drawn === null) return x;
    const { kept, p } = drawn;
    if (p === 1) return x.mul(0);
    // a·(x·kept + limit·(1 − kept)) + b, with a and b such that mean 0 and variance 1 stay
    const a = 1 / Math.sqrt((1 - p) * (1 + p * LIMIT * LIMIT));
    const shift = kept.neg().add(1 - p);
    return x.mul(kept).add(shift.mul(LIMIT)).mul(a);
  };

/** Sets elements to selu's lower limit with probability `p`, keeping mean 0 and variance 1 (Klambauer et al. 2017). */
export const alphaDropout = alphaDropper('alphaDropout', false);
/** The same for whole channels of [n, c, …]. */
export const featureAlphaDropout = alphaDropper('featureAlphaDropout', true);
