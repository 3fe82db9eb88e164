import { boundedOutput } from './boundedOutput.ts';
import { deadUnits } from './deadUnits.ts';
import { doubleSoftmax } from './doubleSoftmax.ts';
import { exploding } from './exploding.ts';
import { frozenParameter } from './frozenParameter.ts';
import { gradientCheckFailed } from './gradientCheck.ts';
import { learningRateHigh } from './learningRateHigh.ts';
import { learningRateLow } from './learningRateLow.ts';
import { lossPlateau } from './lossPlateau.ts';
import { missingZeroGrad } from './missingZeroGrad.ts';
import { nonFinite } from './nonFinite.ts';
import { notOptimized } from './notOptimized.ts';
import { oscillatingLoss } from './oscillating.ts';
import { overfitting } from './overfitting.ts';
import { rankDisagreement } from './rankDisagreement.ts';
import type { Rule } from './rule.ts';
import { saturatedActivation } from './saturated.ts';
import { smallBatchNorm } from './smallBatchNorm.ts';
import { symmetry } from './symmetry.ts';
import { unscaledInput } from './unscaledInput.ts';
import { vanishing } from './vanishing.ts';
import { weightScale } from './weightScale.ts';
import { wrongLossScale } from './wrongLossScale.ts';
import { wrongObjective } from './wrongObjective.ts';

/** All rules, the most fundamental symptom first: what is further down may be its consequence. */
export const rules: readonly Rule[] = [
  rankDisagreement,
  missingZeroGrad,
  gradientCheckFailed,
  doubleSoftmax,
  wrongObjective,
  notOptimized,
  frozenParameter,
  symmetry,
  exploding,
  vanishing,
  weightScale,
  unscaledInput,
  deadUnits,
  saturatedActivation,
  learningRateHigh,
  nonFinite,
  boundedOutput,
  learningRateLow,
  wrongLossScale,
  oscillatingLoss,
  smallBatchNorm,
  lossPlateau,
  overfitting,
];
