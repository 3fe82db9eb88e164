import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { aboutParameters, remedy, rootOf } from '../about.ts';
import { earlySteps } from '../evidence/course.ts';
import type { Symptom } from '../finding.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** Steps with a gradient and without an update. */
const STEPS = 5;
/** An optimizer may be kept for later. Steps, or backward passes whose gradients add up. */
const PASSES_WITHOUT_UPDATE = 20;

/**
 * Exact: a parameter has had gradients, its neighbours were updated and it never was. A model of which nothing is updated
 * is left alone on purpose (a critic while its generator trains, the network of a style transfer).
 */
export const notOptimized: Rule = {
  id: 'not-optimized',
  source: 'exact: gradient, no update, in no optimizer',
  needs: { facts: ['gradientNorm', 'updateNorm', 'optimizer'], steps: 1 },
  regardless: true,
  examine: (run) => neverUpdated(run) ?? leftOut(run) ?? nothingUpdated(run),
};

/** What one parameter went through in the first steps. */
interface Course {
  readonly parameter: ParameterFrame;
  gradients: number;
  updates: number;
  first: number;
  norm: number;
}

function courses(run: Run): Course[] {
  const all = run.parameters.map((parameter): Course => ({ parameter, gradients: 0, updates: 0, first: -1, norm: 0 }));
  for (const step of earlySteps(run)) {
    for (const id of step.parameters.ids) {
      const course = all[id];
      if (!course) continue;
      const row = run.parameterAt(step, id);
      // Zeroed between the backward pass and the update, and not taken away: the update had nothing to go by.
      const zeroed = row('gradientNorm') === 0 && row('gradientNormBefore') > 0;
      if (!Number.isNaN(row('updateNorm')) && !zeroed) course.updates++;
      // One that isn't finite is a gradient, too.
      if (!(row('gradientNorm') > 0 || row('gradientNonFinite') > 0)) continue;
      course.gradients++;
      course.norm = row('gradientNorm');
      if (course.first < 0) course.first = step.step;
    }
  }
  return all;
}

/** Parameters belong together by their model; those without modules do too. */
const modelOf = (run: Run, { layer }: ParameterFrame): number | null => (layer === null ? null : rootOf(run, layer));

function leftOut(run: Run): Symptom | null {
  const all = courses(run);
  const updated = new Set(all.filter(({ updates }) => updates >= STEPS).map((c) => modelOf(run, c.parameter)));
  const mixedUp = holdTheSame(run);
  const held = new Set([...run.optimizers.values()].flatMap(({ parameters }) => parameters));
  const forgotten = all.filter(
    ({ parameter, gradients, updates }) =>
      updates === 0 &&
      gradients >= STEPS &&
      !held.has(parameter.id) &&
      (updated.has(modelOf(run, parameter)) || mixedUp) &&
      neverMoves(run, parameter),
  );
  if (forgotten.length === 0) return null;
  const [{ parameter, gradients, norm, first }] = forgotten;
  const others = forgotten.length > 1 ? ` So it is with ${plural(forgotten.length - 1, 'other parameter')}.` : '';
  return {
    id: 'not-optimized',
    severity: 'warning',
    strength: isHead(all, forgotten) ? 'weak' : 'strong',
    ...aboutParameters(
      run,
      forgotten.map((course) => course.parameter),
    ),
    step: first,
    cause: 'missing-from-optimizer',
    evidence:
      `${parameter.name} had a gradient at ${plural(gradients, 'step')} (norm ${number(norm)} at the last), and no ` +
      `optimizer ever changed it.${others}`,
    remedies: [remedy('register', `Give ${parameter.name} to the optimizer, or freeze it: requiresGrad_(false)`)],
  };
}

/** Two optimizers hold the same parameters: one of them was meant for others. */
function holdTheSame(run: Run): boolean {
  const keys = [...run.optimizers.values()].map(({ parameters }) => parameters.join());
  return new Set(keys).size < keys.length;
}

/** Only the last layers are trained: a pretrained body may have been left out on purpose. */
function isHead(all: readonly Course[], forgotten: readonly Course[]): boolean {
  const lastForgotten = Math.max(...forgotten.map(({ parameter }) => parameter.id));
  const firstTrained = all.findIndex(({ updates }) => updates > 0);
  return forgotten.length > 2 && firstTrained > lastForgotten;
}

/**
 * In the whole run: a parameter that nobody trains stays as it is, while data that ask for a gradient (an adversarial
 * example) are made anew, and an optimizer may come to a layer late.
 */
function neverMoves(run: Run, { id }: ParameterFrame): boolean {
  const rows = run.history.steps.map((step) => run.parameterAt(step, id));
  const norms = rows.map((row) => row('weightNorm')).filter((n) => !Number.isNaN(n));
  return norms.every((norm) => norm === norms[0]) && rows.every((row) => Number.isNaN(row('updateNorm')));
}

/** An optimizer was made and is never told to update, while what it holds has gradients step by step, and stays as it is. */
function neverUpdated(run: Run): Symptom | null {
  const idle = [...run.optimizers.values()].find(({ updatedAt }) => updatedAt === undefined);
  if (!idle) return null;
  const { stepCount } = run;
  // Without zeroGrad either, nothing ends a step.
  const addedUp = stepCount === 1 ? (idle.backwardPasses ?? 1) : 1;
  if (Math.max(stepCount, addedUp) < PASSES_WITHOUT_UPDATE) return null;
  const held = courses(run).filter(({ parameter }) => idle.parameters.includes(parameter.id));
  const still = held.filter(
    ({ parameter, gradients, updates }) =>
      updates === 0 && gradients >= Math.min(STEPS, stepCount) && neverMoves(run, parameter),
  );
  if (still.length === 0 || still.length < held.length) return null;
  const during = addedUp > 1 ? `${addedUp} backward passes, whose gradients add up,` : plural(stepCount, 'step');
  return {
    id: 'not-optimized',
    severity: 'error',
    strength: 'strong',
    ...aboutParameters(
      run,
      still.map(({ parameter }) => parameter),
      idle.site,
    ),
    step: 0,
    cause: 'never-updated',
    evidence: `In ${during} ${idle.type} was never told to update: the ${plural(still.length, 'parameter')} that it holds have gradients, and none has changed.`,
    remedies: [remedy('update', 'Call step() after the backward pass')],
  };
}

/** An optimizer steps and steps, and finds no gradient in what it holds. */
function nothingUpdated(run: Run): Symptom | null {
  if (run.stepCount < STEPS || run.optimizers.size === 0) return null;
  // Shards of a parameter, say, have gradients that nobody measures.
  if (run.notes.some(({ topic }) => topic === 'unmeasured')) return null;
  const all = courses(run);
  if (all.some(({ updates }) => updates > 0)) return null;
  const held = new Set([...run.optimizers.values()].flatMap(({ parameters }) => parameters));
  // Before its first update an optimizer isn't known, and gradients are measured after the backward pass.
  const seen = all.filter(({ gradients }) => gradients >= STEPS);
  if (seen.some(({ parameter }) => held.has(parameter.id))) return null;
  const parameters = (seen.length ? seen : all.filter(({ parameter }) => held.has(parameter.id))).map(
    (c) => c.parameter,
  );
  if (parameters.length === 0) return null;
  const [optimizer] = run.optimizers.values();
  const zeroed = seen.length === 0;
  return {
    id: 'not-optimized',
    severity: 'error',
    strength: 'strong',
    ...aboutParameters(run, parameters, zeroed ? (optimizer.updatedAt ?? optimizer.site) : optimizer.site),
    step: 0,
    cause: zeroed ? 'zeroed-before-update' : 'missing-from-optimizer',
    evidence: zeroed
      ? `In ${plural(run.stepCount, 'step')} the optimizer found no gradient in any of the ${plural(held.size, 'parameter')} it holds: they are zeroed between the backward pass and the update.`
      : `The optimizer holds ${plural(held.size, 'parameter')}, none of which ever had a gradient; ${parameters[0].name} and ${parameters.length - 1} more have gradients and are in no optimizer.`,
    remedies: [
      zeroed
        ? remedy('zero-grad', 'Call zeroGrad() before the backward pass, not after it')
        : remedy('register', 'Give the parameters of the model that is trained to the optimizer'),
    ],
  };
}
