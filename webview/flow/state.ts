import type { LayerView, PanelState, RunStatus, RunView } from '../protocol.ts';

/** What a person wants to see: all that is kept over reloads and moves. Data is asked of the host again. */
export interface Intent {
  /** The run that `step` speaks of. */
  readonly runId: string | null;
  readonly layer: string | null;
  /** null follows the newest step. */
  readonly step: number | null;
  readonly lossScale: 'linear' | 'log';
}

export interface Model {
  /** null until the host has answered. */
  readonly panel: PanelState | null;
  readonly intent: Intent;
  /** The layer under the pointer. */
  readonly hovered: string | null;
  readonly allFindings: boolean;
  /** Why the last request to the host failed. */
  readonly notice: string | null;
}

export type Change =
  | { readonly kind: 'show'; readonly state: PanelState }
  | { readonly kind: 'select'; readonly layer: string | null }
  | { readonly kind: 'hover'; readonly layer: string | null }
  | { readonly kind: 'scrub'; readonly step: number | null }
  | { readonly kind: 'lossScale'; readonly scale: Intent['lossScale'] }
  | { readonly kind: 'allFindings' }
  | { readonly kind: 'notice'; readonly text: string | null };

export const NO_INTENT: Intent = { runId: null, layer: null, step: null, lossScale: 'linear' };

export function initialModel(saved: Partial<Intent> | undefined): Model {
  return { panel: null, intent: { ...NO_INTENT, ...saved }, hovered: null, allFindings: false, notice: null };
}

export function reduce(model: Model, change: Change): Model {
  const { intent } = model;
  switch (change.kind) {
    case 'show':
      return { ...model, panel: change.state, intent: intentFor(intent, change.state) };
    case 'select':
      return { ...model, intent: { ...intent, layer: change.layer } };
    case 'hover':
      return { ...model, hovered: change.layer };
    case 'scrub':
      return { ...model, intent: { ...intent, step: change.step } };
    case 'lossScale':
      return { ...model, intent: { ...intent, lossScale: change.scale } };
    case 'allFindings':
      return { ...model, allFindings: !model.allFindings };
    case 'notice':
      return { ...model, notice: change.text };
  }
}

/** Another run begins live; a layer stays selected if the new run has one of that name. */
function intentFor(intent: Intent, state: PanelState): Intent {
  if (state.kind !== 'run' || state.run.id === intent.runId) return intent;
  const { id, layers } = state.run;
  const kept = layers.length === 0 || layers.some((layer) => layer.name === intent.layer);
  return { ...intent, runId: id, step: null, layer: kept ? intent.layer : null };
}

/** Where in the history the panel stands. */
export interface Shown {
  /** −1 before the first step. */
  readonly index: number;
  readonly step: number;
  /** The last step up to this one at which gradients were measured, in the history; the step itself if there is none. */
  readonly measured: number;
  readonly live: boolean;
}

export function shownStep(run: RunView, intent: Intent): Shown {
  const steps = run.history.step;
  const live = intent.step === null || intent.runId !== run.id;
  const index = live ? steps.length - 1 : nearestIndex(steps, intent.step ?? 0);
  return { index, step: steps[index] ?? 0, measured: lastMeasured(run.layers, index), live };
}

/** Of real PyTorch, only some steps are measured. */
function lastMeasured(layers: readonly LayerView[], index: number): number {
  for (let i = index; i >= 0; i--) if (layers.some(({ gradientNorm }) => !Number.isNaN(gradientNorm[i]))) return i;
  return index;
}

/** Index of the step nearest to `step` in an ascending list; −1 if the list is empty. */
export function nearestIndex(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low > 0 && step - steps[low - 1] < steps[low] - step ? low - 1 : steps.length ? low : -1;
}

export function hasEnded(status: RunStatus): boolean {
  return status === 'completed' || status === 'stopped' || status === 'failed' || status === 'settled';
}

/** A single backward pass is read as numbers, not as a chart of one point. */
export function isSinglePass(run: RunView): boolean {
  return run.history.step.length === 1 && (hasEnded(run.status) || run.status === 'paused');
}

/** The layer to emphasise: the one pointed at, else the one selected. */
export function emphasised(model: Model): string | null {
  return model.hovered ?? model.intent.layer;
}

export function layerIndex(layers: readonly LayerView[], name: string | null): number {
  return name === null ? -1 : layers.findIndex((layer) => layer.name === name);
}
