import type { Run } from '../../run/run.ts';
import type { Site } from '../../site.ts';

/** What is left of the weights when decay has eaten them. */
const LEFT = 0.3;
/** Share of the weights that decay takes at a step, for it to be the reason; and so much that they are forgotten in a hundred. */
const SHARE = 1e-4;
const FORGETS = 0.02;
/** Whose decay is that share; an adaptive optimizer's, as a part of the gradient, is divided by its size. */
const DECAYS = /^(?:SGD|AdamW)$/;

/** An optimizer whose weight decay has eaten its weights: what it takes at a step, what is left; null if none has. */
export function decayingWeights(
  run: Run,
): { readonly site: Site | null; readonly share: number; readonly left: number } | null {
  const [first] = run.history.steps;
  const last = run.history.last;
  if (!first || !last) return null;
  for (const { type, settings, site, parameters } of run.optimizers.values()) {
    const decay = Number(settings.weightDecay ?? 0);
    const share = decay * first.learningRate;
    const norms = (step: typeof first) =>
      Math.hypot(
        ...parameters
          .filter((id) => (run.parameters[id]?.shape.length ?? 0) > 1)
          .map((id) => run.parameterAt(step, id)('weightNorm'))
          .filter(Number.isFinite),
      );
    const left = norms(last) / norms(first);
    if ((share > SHARE && left < LEFT) || (share > FORGETS && DECAYS.test(type))) return { site, share, left };
  }
  return null;
}
