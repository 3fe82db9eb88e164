import type { Run } from '../../../../engine/run/run.ts';
import { autoTrainer } from './autoTrainer.ts';
import { commonPractice } from './common.ts';
import { deepDiagnosis } from './deepDiagnosis.ts';
import { deepLocalize } from './deepLocalize.ts';
import type { Detector } from './detector.ts';
import { SAVED_BY_DEFAULT, SAVED_IN_EXAMPLES, sageMaker } from './sageMaker.ts';

/** What is held against the same runs. */
export const DETECTORS: readonly Detector[] = [
  autoTrainer,
  deepLocalize,
  deepDiagnosis,
  sageMaker(SAVED_BY_DEFAULT),
  sageMaker(SAVED_IN_EXAMPLES),
  commonPractice,
];

/** By the name of the tool, names of the rules that alarm. */
export type PublishedAlarms = { readonly [detector: string]: readonly string[] };

export const publishedAlarms = (run: Run): PublishedAlarms =>
  Object.fromEntries(DETECTORS.map(({ name, alarms }) => [name, alarms(run)]));
