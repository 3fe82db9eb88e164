import { exploding } from './exploding.ts';
import { nonFinite } from './nonFinite.ts';
import { rankDisagreement } from './rankDisagreement.ts';
import type { Rule } from './rule.ts';
import { vanishing } from './vanishing.ts';

/** All rules, the most fundamental symptom first: what is further down may be its consequence. */
export const rules: readonly Rule[] = [exploding, vanishing, nonFinite, rankDisagreement];
