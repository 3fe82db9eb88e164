import type { LayerFrame } from '../../run/frame.ts';
import { aboutLayers, remedy } from '../about.ts';
import { isFailing, toldProgress } from '../evidence/progress.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** What is usual is a fifth to a half (Srivastava et al. 2014). */
export const HEAVY_DROPOUT = 0.85;
const STEPS = 100;

/** Dropout between layers that leaves next to nothing, in a model that fails. */
export const heavyDropout: Rule = {
  id: 'loss-plateau',
  source: 'a share kept of 0.5 to 0.8 is right for hidden units (Srivastava et al. 2014)',
  needs: { facts: ['layer', 'loss-of-step'], steps: STEPS },
  yieldsTo: ['not-optimized', 'frozen-parameter', 'unscaled-input'],
  examine(run) {
    if (!isFailing(run)) return null;
    const heavy = run.layers.filter((layer) => layer.ran !== false && droppedBy(layer) > HEAVY_DROPOUT);
    if (heavy.length === 0) return null;
    const [first] = heavy;
    const more = heavy.length > 1 ? ` So does ${plural(heavy.length - 1, 'other layer')}.` : '';
    return {
      id: 'loss-plateau',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(
        run,
        heavy.map(({ id }) => id),
      ),
      step: 0,
      cause: 'heavy-dropout',
      evidence: `${first.name} drops ${number(100 * droppedBy(first))} % of what it is given, where 20 to 50 % are usual: hardly anything passes.${more} ${toldProgress(run)}`,
      remedies: [remedy('dropout', 'Drop a fifth to a half')],
    };
  },
};

/** The share that a layer drops, as it describes itself; 0 of one that drops nothing. */
const droppedBy = ({ type, description }: LayerFrame): number =>
  /Dropout/.test(type) ? Number(/\bp=([\d.]+)/.exec(description)?.[1] ?? 0) : 0;
