import type { InputFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';

/** What one model has made and the data it is held against, as both entered another model at one step. */
export interface Held {
  readonly step: number;
  readonly made: InputFrame;
  /** Root mean square over features: how far the means lie apart, in standard deviations of the data. */
  readonly apart: number;
  /** Geometric mean over features: the spread of what was made, as a share of that of the data. */
  readonly spread: number;
  /**
   * Fréchet's distance of two normal distributions with these means and deviations, feature by feature, in standard deviations of the
   * data (Dowson & Landau 1982; of images' features that's the FID, Heusel et al. 2017).
   */
  readonly distance: number;
}

/** Of the later steps that were told of, in order. Empty where no model is given what another makes. */
export function heldAgainstData({ laterInputs }: Run): Held[] {
  const byStep = Map.groupBy(laterInputs, ({ step, layer }) => `${step} ${layer}`);
  return [...byStep.values()].flatMap((frames) => {
    const made = frames.find(({ generated }) => generated);
    // beside data a vector of a spectral norm may come in
    const data = frames.find(({ generated, shape }) => !generated && isAlike(shape, made?.shape));
    return made && data ? [heldAgainst(made, data)] : [];
  });
}

/** Samples of as many features. */
const isAlike = ([rows, ...features]: readonly number[], other: readonly number[] = []): boolean =>
  rows > 1 && `${features}` === `${other.slice(1)}`;

function heldAgainst(made: InputFrame, data: InputFrame): Held {
  const most = Math.max(...(data.deviations ?? []));
  const features = (data.deviations ?? []).flatMap((deviation, i) => {
    const [mean, other] = [data.means?.[i] ?? Number.NaN, made.means?.[i] ?? Number.NaN];
    const ratio = (made.deviations?.[i] ?? Number.NaN) / deviation;
    return deviation > NOTHING * most ? [{ apart: (other - mean) / deviation, ratio }] : [];
  });
  const mean = (of: (feature: (typeof features)[number]) => number) =>
    features.reduce((sum, feature) => sum + of(feature), 0) / features.length;
  return {
    step: made.step,
    made,
    apart: Math.sqrt(mean(({ apart }) => apart ** 2)),
    spread: Math.exp(mean(({ ratio }) => Math.log(Math.max(ratio, LEAST_SPREAD)))),
    distance: Math.sqrt(mean(({ apart, ratio }) => apart ** 2 + (ratio - 1) ** 2)),
  };
}

/** What varies by less of the most is as good as constant: the border of pictures. */
const NOTHING = 0.1;
/** Less counts as so much: a feature that doesn't vary at all has no logarithm. */
const LEAST_SPREAD = 1e-3;
