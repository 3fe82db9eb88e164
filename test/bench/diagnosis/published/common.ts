import { type Detector, detector } from './detector.ts';
import { epochsOf } from './epochs.ts';

/** What is done where there is no tool: an end at NaN (TerminateOnNaN of Keras, Lightning), and a look at the loss. */
export const commonPractice: Detector = detector('common practice', (run) => ({ run, epochs: epochsOf(run) }), {
  'loss not finite': ({ run }) => run.history.steps.some(({ loss }) => !Number.isFinite(loss)),
  'loss did not decrease': ({ epochs }) => epochs.length > 1 && epochs[epochs.length - 1].loss >= epochs[0].loss,
});
