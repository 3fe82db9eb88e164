import type { Finding } from '../../engine/diagnose/finding.ts';

/** A finding of which nothing is known but what is told here. */
export const bareFinding = (told: Pick<Finding, 'id'> & Partial<Finding>): Finding => ({
  severity: 'warning',
  confidence: 0.9,
  layers: [],
  parameters: [],
  site: null,
  sites: [],
  step: 0,
  cause: '',
  evidence: '',
  remedies: [],
  ...told,
});
