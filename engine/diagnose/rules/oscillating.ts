import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { lossesOf } from '../evidence/course.ts';
import { curvatureProof } from '../evidence/curvature.ts';
import { median } from '../evidence/median.ts';
import { flourishes } from '../evidence/progress.ts';
import { recentRatios } from '../evidence/updates.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';

const WINDOW = 40;
/** Share of steps after which the loss turns around; chance has 2/3. */
const TURNS = 0.85;
/** Size of a swing against the loss. */
const SWING = 0.3;
/** Updates so large that the swings are the optimizer's, not those of the batches. */
const RATIO = 0.01;

/** The loss swings up and down from step to step by a good part of itself, with large updates, and falls no more. */
export const oscillatingLoss: Rule = {
  id: 'oscillating-loss',
  source: 'AutoTrainer’s oscillating loss; period-2 motion beyond the edge of stability (Cohen et al. 2021)',
  needs: { facts: ['loss-of-step', 'updateNorm', 'weightNorm'], steps: 1.5 * WINDOW },
  yieldsTo: ['learning-rate-high', 'exploding-gradient', 'missing-zero-grad', 'non-finite', 'unscaled-input'],
  examine(run) {
    if (isAdversarial(run)) return null;
    const losses = lossesOf(run).slice(-WINDOW);
    if (losses.length < WINDOW || losses.some((loss) => !(loss > 0))) return null;
    const swings = losses.slice(1).map((loss, i) => loss - losses[i]);
    const turns = swings.slice(1).filter((swing, i) => swing * swings[i] < 0).length / (swings.length - 1);
    const level = median(losses);
    const swing = median(swings.map(Math.abs));
    const ratio = median(recentRatios(run, WINDOW));
    const [before, after] = [median(losses.slice(0, WINDOW / 2)), median(losses.slice(WINDOW / 2))];
    if (!(turns >= TURNS && swing > SWING * level && ratio > RATIO && after > 0.9 * before)) return null;
    const [optimizer] = run.optimizers.values();
    const step = run.history.steps[run.history.length - WINDOW].step;
    const { proves, sentence } = curvatureProof(run, run.stepCount);
    return {
      id: 'oscillating-loss',
      // AutoTrainer, too, asks for a model that isn't good: about a loss that is small by now, swings are small.
      severity: flourishes(run) ? 'information' : 'warning',
      strength: proves ? 'strong' : 'usual',
      ...aboutLayers(run, [], optimizer?.site ?? run.parameters[0]?.site ?? null),
      step,
      cause: 'large-updates',
      evidence: `For ${WINDOW} steps the loss has swung up and down by ${number(swing)} around ${number(level)} without falling, while each update changes the weights by ${number(100 * ratio)} %.${sentence}`,
      remedies: [
        remedy('learning-rate', 'Lower the learning rate, or let it fall by a schedule'),
        remedy('momentum', 'Use less momentum'),
      ],
    };
  },
};
