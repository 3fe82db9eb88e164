import type { ParameterFrame } from '../../run/frame.ts';
import { elementCount } from '../../run/groups.ts';
import type { Run } from '../../run/run.ts';
import { aboutLayers, aboutParameters, remedy, rootOf } from '../about.ts';
import { isAdversarial } from '../evidence/adversarial.ts';
import { lateProgress } from '../evidence/course.ts';
import { learned } from '../evidence/learned.ts';
import { hasLearnedLess, hasLearnedLittle } from '../evidence/littleLearned.ts';
import { hasHadTime, learns, toldProgress } from '../evidence/progress.ts';
import type { Symptom } from '../finding.ts';
import { number, plural } from '../phrases.ts';
import type { Rule } from '../rule.ts';

/** So many steps must have given gradients to others of the model; a branch may be taken rarely. */
const STEPS = 20;
const STEPS_WHEN_SAMPLED = 10;
const LEARNING = 0.1;
/** So many steps show what can be learned with most of the weights frozen, and less than this isn't enough. */
const STEPS_OF_FROZEN = 150;
const LEARNED_WHEN_FROZEN = 0.7;
const LEAST_OF_MANY = 0.2;
const STANDS = 0.02;
const HALF = 0.5;

/**
 * Exact: an optimizer holds a parameter that no backward pass of the whole run has reached, while others of the same model
 * had gradients. What is frozen (requiresGrad false) or in no optimizer is so on purpose, and so is a forward without recording,
 * unless the model has learned little.
 */
export const frozenParameter: Rule = {
  id: 'frozen-parameter',
  source: 'exact: no gradient at all',
  needs: { facts: ['gradientNorm', 'optimizer', 'layer', 'parameter'], steps: STEPS },
  regardless: true,
  examine(run) {
    const held = new Set([...run.optimizers.values()].flatMap(({ parameters }) => parameters));
    const reached = new Map<number, number>();
    for (const { id, layer } of run.parameters) {
      if (layer === null) continue;
      const root = rootOf(run, layer);
      reached.set(root, Math.max(reached.get(root) ?? 0, gradients(run, id)));
    }
    const idle = heldInVain(run);
    const unreached = run.parameters.filter(
      ({ id, layer, requiresGrad }) =>
        layer !== null &&
        requiresGrad !== false &&
        held.has(id) &&
        gradients(run, id) === 0 &&
        ((reached.get(rootOf(run, layer)) ?? 0) >= stepsNeeded(run) || idle.has(id)),
    );
    const told = unreached.filter((parameter) => wayOf(run, parameter) !== 'unrecorded');
    if (told.length === 0) {
      // an optimizer that updates nothing but these is there for nothing, whatever the others learn
      const inVain = hasLearnedLittle(run) ? unreached : unreached.filter(({ id }) => idle.has(id));
      return inVain.length > 0 ? unrecorded(run, inVain) : mostlyFrozen(run, reached);
    }
    const detached = told.filter((parameter) => wayOf(run, parameter) === 'detached');
    const named = detached.length ? detached : told;
    const [first] = named;
    const layer = run.layers[first.layer as number].name;
    const more = named.length > 1 ? ` (and of ${plural(named.length - 1, 'more parameter')})` : '';
    return {
      id: 'frozen-parameter',
      // What isn't executed does no harm by itself.
      severity: detached.length || !learns(run, LEARNING) ? 'warning' : 'information',
      strength: detached.length ? 'strong' : 'usual',
      ...aboutParameters(run, named),
      step: 0,
      cause: detached.length ? 'detached' : 'unused',
      evidence: detached.length
        ? `${layer} is executed, but no gradient of ${first.name}${more} was there in ${plural(run.stepCount, 'step')}: its output is cut off from the loss.`
        : `${layer} is part of the model and its parameters are given to the optimizer, but it was not executed in ${plural(run.stepCount, 'step')}.`,
      remedies: detached.length
        ? [remedy('attach', `Don’t detach what ${layer} gives, or freeze it: requiresGrad_(false)`)]
        : [remedy('use', `Use ${layer} in forward, or take it out of the model`)],
    };
  },
};

/** Executed where nothing is recorded. */
function unrecorded(run: Run, parameters: readonly ParameterFrame[]): Symptom {
  const [first] = parameters;
  const layer = run.layers[first.layer as number].name;
  const more = parameters.length > 1 ? ` (and ${plural(parameters.length - 1, 'more parameter')})` : '';
  return {
    id: 'frozen-parameter',
    severity: 'warning',
    strength: 'usual',
    ...aboutParameters(run, parameters),
    step: 0,
    cause: 'unrecorded',
    evidence: `${layer} runs where nothing is recorded, so ${first.name}${more} got no gradient in ${plural(run.stepCount, 'step')}, though an optimizer is to train it.${isAdversarial(run) ? '' : ` ${toldProgress(run)}`}`,
    remedies: [remedy('attach', `Run ${layer} outside of noGrad, or leave it out of the optimizer`)],
  };
}

/** Half of the weights of a model that is trained (an autoencoder's encoder), or more, are frozen, and with the rest it doesn't come far. */
function mostlyFrozen(run: Run, reached: ReadonlyMap<number, number>): Symptom | null {
  // of many classes nobody knows how much can be learned, but more than that
  const little =
    hasLearnedLess(run, LEARNED_WHEN_FROZEN) || (learned(run) < LEAST_OF_MANY && lateProgress(run) < STANDS);
  if (!(hasHadTime(run, STEPS_OF_FROZEN) && little)) return null;
  for (const root of reached.keys()) {
    const trained = run.parameters.filter(
      ({ id, layer, shape }) =>
        layer !== null && rootOf(run, layer) === root && shape.length > 1 && gradients(run, id) > 0,
    );
    const thawed = new Set(trained.map(({ layer }) => layer));
    const frozen = run.layers.filter(
      (layer) => layer.frozen !== undefined && rootOf(run, layer.id) === root && !thawed.has(layer.id),
    );
    const elements = frozen.reduce((sum, layer) => sum + (layer.frozen ?? 0), 0);
    const all = trained.reduce((sum, parameter) => sum + elementCount(parameter), elements);
    if (elements === 0 || elements < HALF * all) continue;
    const [{ name }] = frozen;
    const more = frozen.length > 1 ? ` and ${plural(frozen.length - 1, 'more layer')}` : '';
    return {
      id: 'frozen-parameter',
      severity: 'warning',
      strength: 'usual',
      ...aboutLayers(
        run,
        frozen.map(({ id }) => id),
      ),
      step: 0,
      cause: 'frozen',
      evidence: `The weights of ${name}${more} are frozen (requiresGrad is false): ${number((100 * elements) / all)} % of the model’s. ${toldProgress(run)}`,
      remedies: [remedy('unfreeze', `Train ${name} as well, or begin with weights that have been trained`)],
    };
  }
  return null;
}

/** What those optimizers hold that update and never had a gradient, while others' parameters had. */
function heldInVain(run: Run): Set<number> {
  if (run.optimizers.size < 2) return new Set();
  const lists = [...run.optimizers.values()]
    .filter(({ updatedAt }) => updatedAt !== undefined)
    .map((o) => o.parameters);
  const most = (ids: readonly number[]) => Math.max(0, ...ids.map((id) => gradients(run, id)));
  if (!lists.some((ids) => most(ids) >= stepsNeeded(run))) return new Set();
  return new Set(lists.filter((ids) => most(ids) === 0).flat());
}

/** Where only some steps are measured, fewer will do. */
const stepsNeeded = (run: Run): number => (run.start?.sampling ? STEPS_WHEN_SAMPLED : STEPS);

/** At how many steps a parameter had a gradient, as far as it matters. */
function gradients(run: Run, id: number): number {
  let count = 0;
  if (run.stepsOf(id) === 0) return count;
  for (const step of run.history.steps) {
    if (!Number.isNaN(run.parameterAt(step, id)('gradientNorm'))) count++;
    if (count === STEPS) break;
  }
  return count;
}

/** What became of a layer whose parameters have no gradient. */
function wayOf(run: Run, { layer }: ParameterFrame): 'unused' | 'detached' | 'unrecorded' {
  const id = layer as number;
  // In PyTorch the graph tells of no operations that are cut off; its layer's output was seen all the same.
  if (run.operations.some(({ layer }) => layer === id) || run.measuredAt('layer', id) !== undefined) return 'detached';
  return run.layers[id].ran === false ? 'unused' : 'unrecorded';
}
