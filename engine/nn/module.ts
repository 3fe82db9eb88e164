import type { RemovableHandle } from '../autograd/handle.ts';
import { enter, expose } from '../autograd/internal.ts';
import { noGrad } from '../autograd/mode.ts';
import { observer, thorough } from '../autograd/observer.ts';
import { run } from '../autograd/running.ts';
import { DTypeError, ShapeError, showShape } from '../tensor/errors.ts';
import { INSPECT } from '../tensor/inspect.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { at, inOurSpelling, type LoadOptions, type LoadReport, own } from './moduleFields.ts';
import {
  added,
  type BackwardHook,
  backwardHooks,
  type ForwardHook,
  type ForwardPreHook,
  forwardHooks,
  hasHooks,
  preHooks,
  throughHooks,
} from './moduleHooks.ts';
import { Buffer, Parameter, retype } from './parameter.ts';

// biome-ignore lint/suspicious/noExplicitAny: a user's forward takes and returns what the user likes
type Anything = any;

const KEEPS_NOTHING: unique symbol = Symbol('keepsNothing');

/**
 * Says of a class of the engine's own that its forward keeps no tensor beyond the call, hands none to code of a user's but
 * through modules, and returns tensors, or lists of them, alone. What lies between layers then comes back with the backward
 * pass. It's said of the class alone: a subclass may do anything.
 */
export function keepsNothing({ prototype }: { readonly prototype: AnyModule }): void {
  const value = { constructor: prototype.constructor, forward: prototype.forward };
  Object.defineProperty(prototype, KEEPS_NOTHING, { value });
}

/** Any module, whatever it takes and returns. */
export type AnyModule = Module<Anything[], Anything>;

/** A copy of every parameter and buffer, by path. */
export type StateDict = Record<string, Tensor>;

const join = (prefix: string, name: string): string => (prefix === '' ? name : `${prefix}.${name}`);

/**
 * The base class of layers and models. A module is called like a function, `model(x)`, which runs its `forward`.
 * Parameters, buffers and child modules are plain fields, found by walking the module's own properties in order.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor returns a function, which the interface describes
export class Module<Inputs extends unknown[] = Anything[], Output = Anything> {
  /** True while training: dropout drops, batch normalization uses the batch. Set by `train` and `eval`. */
  declare training: boolean;
  /** See `keepsNothing`. */
  declare readonly [KEEPS_NOTHING]?: { readonly constructor: unknown; readonly forward: unknown };

  constructor() {
    // A function that answers to the class: instances are callable, and everything else about them is the subclass's.
    const callable = (...inputs: Inputs): Output => call(self, inputs);
    const self = Object.setPrototypeOf(callable, new.target.prototype) as this & { name?: unknown; length?: unknown };
    delete self.name;
    delete self.length;
    self.training = true;
    observer?.moduleCreated(self);
    // biome-ignore lint/correctness/noConstructorReturn: this is what makes a module callable
    return self;
  }

  /** What the module computes. Subclasses override it; users call the module itself. */
  forward(..._inputs: Inputs): Output {
    throw new TypeError(`${this.constructor.name} has no forward method. Define forward(x) { … } in the class.`);
  }

  /** Direct child modules by field name. */
  *namedChildren(): Generator<[string, AnyModule]> {
    for (const [name, value] of Object.entries(this)) if (value instanceof Module) yield [name, value];
  }

  children(): AnyModule[] {
    // on the way of every Sequential, so without pairs
    return Object.values(this).filter((value): value is AnyModule => value instanceof Module);
  }

  /** This module (named '' or `prefix`) and all below it, parents first; each once, under its first path. */
  *namedModules(prefix = '', seen = new Set<unknown>()): Generator<[string, AnyModule]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(join(prefix, name), seen);
  }

  modules(): AnyModule[] {
    return [...this.namedModules()].map(([, module]) => module);
  }

  /** All parameters by path, such as `trunk.3.weight`; a shared one once. */
  *namedParameters(): Generator<[string, Parameter]> {
    yield* namedFields(this, Parameter);
  }

  parameters(): Parameter[] {
    return [...this.namedParameters()].map(([, parameter]) => parameter);
  }

  /** All buffers by path. */
  *namedBuffers(): Generator<[string, Buffer]> {
    yield* namedFields(this, Buffer);
  }

  buffers(): Buffer[] {
    return [...this.namedBuffers()].map(([, buffer]) => buffer);
  }

  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Forgets the gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.dropGradient();
  }

  /** Asks for (or stops asking for) the gradient of every parameter. */
  requiresGrad_(wanted = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(wanted);
    return this;
  }

  /**
   * Turns floating parameters and buffers into another element type, in place: an optimizer that has them keeps them. There is one
   * device, so `to('cpu')` changes nothing.
   * @throws DTypeError for a type that isn't floating.
   */
  to(type: 'float32' | 'float64' | 'cpu'): this {
    if (type === 'cpu') return this;
    if (type !== 'float32' && type !== 'float64') {
      throw new DTypeError(`to: a module is float32 or float64 (and on the cpu), got ${type}.`);
    }
    for (const tensor of [...this.parameters(), ...this.buffers()]) retype(tensor, type);
    return this;
  }

  float(): this {
    return this.to('float32');
  }

  double(): this {
    return this.to('float64');
  }

  /** Keeps a tensor as state that isn't trained, as `this.name = new nn.Buffer(tensor)` does. */
  registerBuffer(name: string, tensor: Tensor | null): void {
    own(this, name, tensor === null || tensor instanceof Buffer ? tensor : new Buffer(tensor.detach()));
  }

  /** Keeps a parameter, as `this.name = parameter` does. */
  registerParameter(name: string, parameter: Parameter | null): void {
    if (parameter !== null && !(parameter instanceof Parameter)) {
      throw new DTypeError(`registerParameter: ${name} is not an nn.Parameter. Make it one: new nn.Parameter(tensor).`);
    }
    own(this, name, parameter);
  }

  /** Keeps a child module, as `this.name = module` does. */
  addModule(name: string, module: AnyModule | null): void {
    if (module !== null && !(module instanceof Module)) throw new DTypeError(`addModule: ${name} is not a module.`);
    own(this, name, module);
  }

  /** As `addModule`. */
  registerModule(name: string, module: AnyModule | null): void {
    this.addModule(name, module);
  }

  /** The module at a path such as `trunk.3`; '' is this one. @throws ArgumentError if there is none. */
  getSubmodule(path: string): AnyModule {
    return at(this, 'getSubmodule', this.namedModules(), path);
  }

  /** The parameter at a path such as `trunk.3.weight`. @throws ArgumentError if there is none. */
  getParameter(path: string): Parameter {
    return at(this, 'getParameter', this.namedParameters(), path);
  }

  /** The buffer at a path. @throws ArgumentError if there is none. */
  getBuffer(path: string): Buffer {
    return at(this, 'getBuffer', this.namedBuffers(), path);
  }

  /** Calls `visit` with every module, children first. */
  apply(visit: (module: AnyModule) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  /** Calls `hook` after every forward. Returns a function that removes it. */
  registerForwardHook(hook: ForwardHook): RemovableHandle {
    return added(forwardHooks, this, hook);
  }

  /** Calls `hook` before every forward; the list of inputs it returns, if any, replaces them. Returns a function that removes it. */
  registerForwardPreHook(hook: ForwardPreHook): RemovableHandle {
    return added(preHooks, this, hook);
  }

  /**
   * Calls `hook` in backward with the gradients of the inputs (null for what needs none) and of the output, once both are there.
   * Modules that take tensors and return one. Returns a function that removes it.
   */
  registerFullBackwardHook(hook: BackwardHook): RemovableHandle {
    return added(backwardHooks, this, hook);
  }

  stateDict(): StateDict {
    const named = [...this.namedParameters(), ...this.namedBuffers()];
    return Object.fromEntries(named.map(([name, tensor]) => [name, tensor.detach().clone()]));
  }

  /**
   * Copies values into the parameters and buffers of the same paths. PyTorch's spelling of a path is understood too
   * (`running_mean`, `weight_ih_l0`), and its `num_batches_tracked` left out.
   * @throws ShapeError, before anything is changed, if a path is missing or too much (unless not strict), or a shape differs.
   */
  loadStateDict(given: StateDict, { strict = true }: LoadOptions = {}): LoadReport {
    const own = new Map<string, Tensor>([...this.namedParameters(), ...this.namedBuffers()]);
    const state = inOurSpelling(given, own);
    const missing = [...own.keys()].filter((name) => !state.has(name));
    const unexpected = [...state.keys()].filter((name) => !own.has(name));
    if (strict && missing.length + unexpected.length > 0) {
      throw new ShapeError(
        `loadStateDict: missing ${missing.join(', ') || 'nothing'}; unexpected ${unexpected.join(', ') || 'nothing'}.`,
      );
    }
    const pairs = [...own].flatMap(([name, tensor]): [string, Tensor, Tensor][] => {
      const value = state.get(name);
      return value === undefined ? [] : [[name, tensor, value]];
    });
    for (const [name, tensor, { shape }] of pairs) {
      if (sameShape(tensor.shape, shape)) continue;
      throw new ShapeError(
        `loadStateDict: expected shape ${showShape(tensor.shape)} for ${name}, got ${showShape(shape)}.`,
      );
    }
    noGrad(() => {
      for (const [, tensor, value] of pairs) tensor.copy_(value);
    });
    return { missingKeys: missing, unexpectedKeys: unexpected };
  }

  /** What `toString` shows between the parentheses, such as `2, 32`. */
  describe(): string {
    return '';
  }

  /** The tree of modules, as PyTorch prints it. */
  toString(): string {
    const children = [...this.namedChildren()].map(([name, child]) => `(${name}): ${child}`.replaceAll('\n', '\n  '));
    const { name } = this.constructor;
    if (children.length === 0) return `${name}(${this.describe()})`;
    return `${name}(\n${children.map((line) => `  ${line}\n`).join('')})`;
  }
}

// `console.log(model)` prints the tree.
Object.defineProperty(Module.prototype, INSPECT, {
  value(this: AnyModule) {
    return this.toString();
  },
});

export type { BackwardHook, ForwardHook, ForwardPreHook } from './moduleHooks.ts';

export interface Module<Inputs extends unknown[], Output> {
  // biome-ignore lint/style/useShorthandFunctionType: it is merged with the class
  (...inputs: Inputs): Output;
}

function compute<Inputs extends unknown[], Output>(module: Module<Inputs, Output>, inputs: Inputs): Output {
  const hooked = hasHooks(module);
  const said = module[KEEPS_NOTHING];
  const own =
    !hooked && said !== undefined && said.forward === module.forward && said.constructor === module.constructor;
  const before = enter(own);
  if (before && !own) expose(inputs);
  try {
    const output = hooked ? throughHooks(module, inputs) : module.forward(...inputs);
    if (own && !before) expose(output);
    return output;
  } finally {
    enter(before);
  }
}

function call<Inputs extends unknown[], Output>(module: Module<Inputs, Output>, inputs: Inputs): Output {
  if (observer === null) return compute(module, inputs);
  if (thorough) observer.moduleEnter(module);
  const outer = run(module);
  let output: Output | null = null;
  try {
    output = compute(module, inputs);
    return output;
  } finally {
    run(outer);
    if (thorough) observer?.moduleExit(module, output);
  }
}

/** Own fields of a class in all modules of a tree, by path; a shared tensor once. */
function* namedFields<T extends Tensor>(root: AnyModule, type: new (...args: never[]) => T): Generator<[string, T]> {
  const seen = new Set<unknown>();
  for (const [path, module] of root.namedModules()) {
    for (const [name, value] of Object.entries(module)) {
      if (!(value instanceof type) || seen.has(value)) continue;
      seen.add(value);
      yield [join(path, name), value];
    }
  }
}
