import { aboutLayers, remedy } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { isOfTwo } from '../evidence/call.ts';
import { heldAgainstData } from '../evidence/generated.ts';
import { number } from '../phrases.ts';
import type { Rule } from '../rule.ts';
import { REASONS } from './lossPlateau.ts';

const STEPS = 300;
/** Of the run; in a game what is made goes to and fro, so several times count. */
const LATE = 0.4;
const TIMES = 2;
/** In standard deviations of the data: what is made has their means and deviations, or it's another thing. */
const FAR = 0.8;
const FAR_AT_LAST = 0.7;
/** What varies by less than such a share of what the data do has collapsed. */
const COLLAPSED = 0.4;
/** It does so every time, a little less clearly. */
const NARROW = { spread: 0.55, distance: 0.5 };

/**
 * A game is over, and what one player makes still isn't like the data that the other tells it from. Losses of a game say nothing of
 * that; means and deviations do, as far as they go.
 */
export const unlikeData: Rule = {
  id: 'loss-plateau',
  source: 'Fréchet’s distance, as Heusel et al. 2017 take of features; Salimans et al. 2016 on collapse',
  needs: { facts: ['input', 'optimizer'], steps: STEPS },
  yieldsTo: REASONS,
  examine(run) {
    if (!isAdversarial(run) || run.end?.ended !== 'completed') return null;
    // an actor's answers aren't to be like those that its critic is trained on
    if (run.losses.length > 0 && !run.losses.some(({ loss }) => isOfTwo(loss))) return null;
    const late = heldAgainstData(run).filter(({ step }) => step >= LATE * run.stepCount);
    if (late.length < TIMES) return null;
    const mean = (of: (held: (typeof late)[number]) => number) =>
      late.reduce((sum, held) => sum + of(held), 0) / late.length;
    const isFar = mean(({ distance }) => distance) > FAR && late[late.length - 1].distance > FAR_AT_LAST;
    const isNarrow = late.every(({ spread, distance }) => spread < NARROW.spread && distance > NARROW.distance);
    if (!isFar && !isNarrow) return null;
    const [apart, spread] = [mean((held) => held.apart), mean((held) => held.spread)];
    const { made, step } = late[0];
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(run, [], made.site),
      step,
      cause: isNarrow || spread < COLLAPSED ? 'mode-collapse' : 'unlike-data',
      evidence: `What one model makes isn’t like the data that it is held against: late in ${run.stepCount} steps its mean is ${number(apart)} standard deviations off, and its spread is ${number(100 * spread)} % of theirs. No known fix.`,
      remedies: [
        remedy(
          'balance',
          'Let neither player run ahead: other rates, less momentum (β₁ = 0.5), more steps of the weaker one',
        ),
      ],
    };
  },
};
