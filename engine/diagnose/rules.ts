import type { Rule } from './rule.ts';
import { bottleneck } from './rules/bottleneck.ts';
import { boundedOutput } from './rules/boundedOutput.ts';
import { constantTarget } from './rules/constantTarget.ts';
import { deadUnits } from './rules/deadUnits.ts';
import { doubleSoftmax } from './rules/doubleSoftmax.ts';
import { endedGame } from './rules/endedGame.ts';
import { exploding } from './rules/exploding.ts';
import { fewSamples } from './rules/fewSamples.ts';
import { frozenParameter } from './rules/frozenParameter.ts';
import { gradientCheckFailed } from './rules/gradientCheck.ts';
import { heavyDropout } from './rules/heavyDropout.ts';
import { hiddenSigmoid } from './rules/hiddenSigmoid.ts';
import { hiddenSoftmax } from './rules/hiddenSoftmax.ts';
import { learningRateHigh } from './rules/learningRateHigh.ts';
import { learningRateLow } from './rules/learningRateLow.ts';
import { lossInput } from './rules/lossInput.ts';
import { lossPlateau } from './rules/lossPlateau.ts';
import { missingZeroGrad } from './rules/missingZeroGrad.ts';
import { nonFinite } from './rules/nonFinite.ts';
import { notOptimized } from './rules/notOptimized.ts';
import { oscillatingLoss } from './rules/oscillating.ts';
import { overfitting } from './rules/overfitting.ts';
import { penalty } from './rules/penalty.ts';
import { putBack } from './rules/putBack.ts';
import { rankDisagreement } from './rules/rankDisagreement.ts';
import { saturatedActivation } from './rules/saturated.ts';
import { sharedAim } from './rules/sharedAim.ts';
import { smallBatchNorm } from './rules/smallBatchNorm.ts';
import { symmetry } from './rules/symmetry.ts';
import { termPlateau } from './rules/termPlateau.ts';
import { tooFewSteps } from './rules/tooFewSteps.ts';
import { unlikeData } from './rules/unlikeData.ts';
import { unscaledInput } from './rules/unscaledInput.ts';
import { vanishing } from './rules/vanishing.ts';
import { weightScale } from './rules/weightScale.ts';
import { wrongLossScale } from './rules/wrongLossScale.ts';
import { wrongSign } from './rules/wrongSign.ts';

/** All rules, the most fundamental symptom first: what is further down may be its consequence. */
export const rules: readonly Rule[] = [
  rankDisagreement,
  missingZeroGrad,
  gradientCheckFailed,
  doubleSoftmax,
  lossInput,
  wrongSign,
  sharedAim,
  penalty,
  notOptimized,
  putBack,
  frozenParameter,
  constantTarget,
  symmetry,
  exploding,
  vanishing,
  bottleneck,
  hiddenSoftmax,
  hiddenSigmoid,
  weightScale,
  unscaledInput,
  deadUnits,
  saturatedActivation,
  heavyDropout,
  boundedOutput,
  learningRateHigh,
  nonFinite,
  learningRateLow,
  tooFewSteps,
  wrongLossScale,
  oscillatingLoss,
  smallBatchNorm,
  termPlateau,
  lossPlateau,
  endedGame,
  unlikeData,
  overfitting,
  fewSamples,
];
