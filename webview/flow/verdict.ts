import type { LayerVerdict } from '../protocol.ts';

export const VERDICT_WORDS: Readonly<Record<LayerVerdict, string>> = {
  unknown: 'No verdict',
  healthy: 'Healthy',
  concerned: 'Finding',
  vanishing: 'Vanishing',
  exploding: 'Exploding',
  'non-finite': 'NaN or ∞',
};
