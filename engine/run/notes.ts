import type { NoteFrame } from './frame.ts';
import { elementCount } from './groups.ts';
import { allRanks } from './ranks.ts';
import type { Run } from './run.ts';

/** What can't be seen of a run, or was noticed on the way: once each, whichever rank has said it. */
export function notesOf(run: Run): readonly NoteFrame[] {
  const byText = new Map<string, NoteFrame>();
  for (const rank of allRanks(run).values())
    for (const note of rank.notes)
      byText.set(`${note.topic} ${note.message}`, byText.get(`${note.topic} ${note.message}`) ?? note);
  return [...byText.values()];
}

/** What a note is about. A topic that isn't listed may be about anything. */
const SUBJECTS: { readonly [topic: string]: 'activations' } = {
  'scaled-loss': 'activations',
  compiled: 'activations',
};

/** The notes that concern what is said of parameters, or also of layers' outputs and operations. */
export const notesAbout = (run: Run, subject: 'parameters' | 'activations'): readonly NoteFrame[] =>
  notesOf(run).filter(({ topic }) => subject === 'activations' || SUBJECTS[topic] !== 'activations');

/** How often was measured, where that isn't always: `measured at 37 of 400 steps`. */
export function measuredText(run: Run, steps = measuredSteps(run)): string | null {
  if (!run.start?.sampling || steps === 0 || steps >= run.stepCount) return null;
  return `measured at ${steps.toLocaleString('en')} of ${run.stepCount.toLocaleString('en')} steps`;
}

/**
 * What is measured now and then, and what that took: of real PyTorch everything but the loss, of the embedded engine what is
 * measured besides parameters: `activations measured at 37 of 400 steps, histograms at 120 · 4.1 % of the time`. Null where all is
 * measured at every step.
 */
export function samplingText(run: Run): string | null {
  const { stepCount, activationSteps, histogramSteps, end } = run;
  const told = run.start?.sampling ? measuredText(run) : null;
  const embedded = !run.start?.sampling && activationSteps > 0 && Math.min(activationSteps, histogramSteps) < stepCount;
  if (!told && !embedded) return null;
  const count = (steps: number) => steps.toLocaleString('en');
  const besides = `activations measured at ${count(activationSteps)} of ${count(stepCount)} steps, histograms at ${count(histogramSteps)}`;
  const share = typeof end?.measuring === 'number' ? ` · ${(100 * end.measuring).toFixed(1)} % of the time` : '';
  return `${told ?? besides}${share}`;
}

/** At how many steps parameters were measured. */
export const measuredSteps = (run: Run): number =>
  run.parameters.reduce((most, { id }) => Math.max(most, run.stepsOf(id)), 0);

/** How many elements the statistics of a tensor come from, where they aren't all. */
export function sampleOf(run: Run, { shape }: { readonly shape: readonly number[] }): number | null {
  const most = run.start?.sampling?.elements;
  return most !== undefined && elementCount({ shape }) > most ? most : null;
}
