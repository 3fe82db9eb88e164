import type { Rule } from './rule.ts';
import { boundedOutput } from './rules/boundedOutput.ts';
import { deadUnits } from './rules/deadUnits.ts';
import { doubleSoftmax } from './rules/doubleSoftmax.ts';
import { endedGame } from './rules/endedGame.ts';
import { exploding } from './rules/exploding.ts';
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
import { rankDisagreement } from './rules/rankDisagreement.ts';
import { saturatedActivation } from './rules/saturated.ts';
import { sharedAim } from './rules/sharedAim.ts';
import { smallBatchNorm } from './rules/smallBatchNorm.ts';
import { symmetry } from './rules/symmetry.ts';
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
  notOptimized,
  frozenParameter,
  symmetry,
  exploding,
  vanishing,
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
  wrongLossScale,
  oscillatingLoss,
  smallBatchNorm,
  lossPlateau,
  endedGame,
  overfitting,
];
