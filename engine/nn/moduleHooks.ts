import { handle, type RemovableHandle } from '../autograd/handle.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { AnyModule, Module } from './module.ts';

/** Sees what a module took and returned; what it returns, unless undefined, replaces the output. */
export type ForwardHook = (module: AnyModule, inputs: readonly unknown[], output: unknown) => unknown;

/** Sees what a module is about to take; the inputs it returns, unless undefined, replace them. */
export type ForwardPreHook = (module: AnyModule, inputs: readonly unknown[]) => readonly unknown[] | undefined;

/** Sees the gradients of a module's inputs and of its output. */
export type BackwardHook = (module: AnyModule, gradInputs: readonly (Tensor | null)[], gradOutput: Tensor) => void;

// Beside the modules, not in them: a module's own fields are the user's.
export const forwardHooks = new WeakMap<object, Set<ForwardHook>>();
export const preHooks = new WeakMap<object, Set<ForwardPreHook>>();
export const backwardHooks = new WeakMap<object, Set<BackwardHook>>();

/** A hook has been registered, on whatever module. */
let hooksExist = false;

export const hasHooks = (module: object): boolean =>
  hooksExist && (preHooks.has(module) || forwardHooks.has(module) || backwardHooks.has(module));

/** Registers a hook. @returns What removes it. */
export function added<Hook>(all: WeakMap<object, Set<Hook>>, module: object, hook: Hook): RemovableHandle {
  const hooks = all.get(module) ?? new Set();
  hooksExist = true;
  all.set(module, hooks.add(hook));
  return handle(() => hooks.delete(hook));
}

/** A module's forward between its hooks. */
export function throughHooks<Inputs extends unknown[], Output>(module: Module<Inputs, Output>, given: Inputs): Output {
  let inputs = given;
  for (const hook of preHooks.get(module) ?? []) inputs = (hook(module, inputs) as Inputs | undefined) ?? inputs;
  const told = backwardHooks.get(module);
  if (told !== undefined && told.size > 0) return watched(module, inputs, told);
  return afterHooks(module, inputs, module.forward(...inputs));
}

/** Runs forward between two views of its tensors, whose gradients are those that pass the module and no other way. */
function watched<Inputs extends unknown[], Output>(
  module: Module<Inputs, Output>,
  inputs: Inputs,
  hooks: ReadonlySet<BackwardHook>,
): Output {
  const doors = inputs.map((input) =>
    input instanceof Tensor && input.requiresGrad ? input.view(input.shape) : input,
  );
  const result = afterHooks(module, inputs, module.forward(...(doors as Inputs)));
  if (!(result instanceof Tensor) || !result.requiresGrad) return result;
  const exit = result.view(result.shape);
  const entries = doors.filter((door, i): door is Tensor => door !== inputs[i]);
  const arrived = new Map<unknown, Tensor>();
  let gradOutput: Tensor | null = null;
  const report = (): void => {
    if (gradOutput === null || arrived.size < entries.length) return;
    const gradInputs = doors.map((door) => arrived.get(door) ?? null);
    for (const hook of hooks) hook(module, gradInputs, gradOutput);
    arrived.clear();
  };
  for (const entry of entries) {
    entry.registerHook((gradient) => {
      arrived.set(entry, gradient);
      report();
      return undefined;
    });
  }
  exit.registerHook((gradient) => {
    gradOutput = gradient;
    if (entries.length === 0) report();
    return undefined;
  });
  return exit as Output;
}

function afterHooks<Inputs extends unknown[], Output>(
  module: Module<Inputs, Output>,
  inputs: Inputs,
  computed: Output,
): Output {
  let output = computed;
  for (const hook of forwardHooks.get(module) ?? []) {
    const replacement = hook(module, inputs, output);
    if (replacement !== undefined) output = replacement as Output;
  }
  return output;
}
