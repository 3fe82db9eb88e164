import { ArgumentError, showShape } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type AnyModule, Module } from './module.ts';
import { Parameter } from './parameter.ts';

/** The numbered children of a container. */
function numbered<M extends AnyModule>(container: AnyModule): M[] {
  return container.children() as M[];
}

/** A field that counts as one of the module's own, whatever its name. */
function define(container: AnyModule, name: string | number, value: AnyModule | Parameter): void {
  Object.defineProperty(container, name, { value, enumerable: true, configurable: true, writable: true });
}

function put(container: AnyModule, modules: readonly AnyModule[], start: number): void {
  modules.forEach((module, i) => {
    if (!(module instanceof Module)) {
      throw new ArgumentError(
        `${container.constructor.name}: entry ${start + i} is not a module. Activations are modules too: new nn.Tanh().`,
      );
    }
    define(container, start + i, module);
  });
}

function putNamed(container: AnyModule, name: string, module: AnyModule): void {
  if (!(module instanceof Module)) {
    throw new ArgumentError(
      `${container.constructor.name}: ${name} is not a module. Activations are modules too: new nn.Tanh().`,
    );
  }
  if (name in container && !Object.hasOwn(container, name)) {
    throw new ArgumentError(`${container.constructor.name}: ${name} is the name of a method; choose another one.`);
  }
  define(container, name, module);
}

/**
 * Applies modules one after the other: `new Sequential(a, b)`, or with a list of them, computes b(a(x)). Its children are `0`, `1` …,
 * or have the names that an object gives them: `new Sequential({ fc1: a, act: b })`.
 */
export class Sequential extends Module<[input: Tensor], Tensor> {
  /** The fields as they were last seen, and those that are modules: looking through them all takes a microsecond. */
  #names: readonly string[] = [];
  #values: readonly unknown[] = [];
  #steps: readonly AnyModule[] = [];

  constructor(...modules: AnyModule[] | [modules: readonly AnyModule[] | Readonly<Record<string, AnyModule>>]) {
    super();
    const [first] = modules;
    if (modules.length !== 1 || first instanceof Module) put(this, modules as AnyModule[], 0);
    else if (Array.isArray(first)) put(this, first, 0);
    else if (typeof first !== 'object' || first === null) put(this, modules as AnyModule[], 0);
    else for (const [name, module] of Object.entries(first as object)) putNamed(this, name, module);
  }

  override forward(input: Tensor): Tensor {
    const steps = this.#fresh();
    let x = input;
    for (let i = 0; i < steps.length; i++) x = steps[i](x) as Tensor;
    return x;
  }

  /** The modules to apply, looked for again only if a field has changed. */
  #fresh(): readonly AnyModule[] {
    const names = Object.keys(this);
    let same = names.length === this.#names.length;
    for (let i = 0; same && i < names.length; i++) {
      same = names[i] === this.#names[i] && Reflect.get(this, names[i]) === this.#values[i];
    }
    if (!same) {
      this.#names = names;
      this.#values = Object.values(this);
      this.#steps = this.children();
    }
    return this.#steps;
  }

  override get length(): number {
    return numbered(this).length;
  }

  /** The child at a position; negative counts from the end. */
  at(index: number): AnyModule | undefined {
    return numbered(this).at(index);
  }

  append(module: AnyModule): this {
    put(this, [module], this.length);
    return this;
  }

  *[Symbol.iterator](): Generator<AnyModule> {
    yield* numbered(this);
  }
}

/** x + body(x): a gradient passes the body unchanged (He et al. 2015). Several modules run one after the other. */
export class Residual extends Module<[input: Tensor], Tensor> {
  body: AnyModule;

  constructor(...modules: AnyModule[]) {
    super();
    this.body = modules.length === 1 ? modules[0] : new Sequential(...modules);
  }

  override forward(input: Tensor): Tensor {
    return input.add(this.body(input));
  }
}

/** A list of modules whose parameters count as the owner's. It computes nothing itself. Its children are `0`, `1` … */
export class ModuleList<M extends AnyModule = AnyModule> extends Module {
  constructor(modules: Iterable<M> = []) {
    super();
    put(this, [...modules], 0);
  }

  override get length(): number {
    return numbered(this).length;
  }

  /** The child at a position; negative counts from the end. */
  at(index: number): M | undefined {
    return numbered<M>(this).at(index);
  }

  append(module: M): this {
    put(this, [module], this.length);
    return this;
  }

  *[Symbol.iterator](): Generator<M> {
    yield* numbered<M>(this);
  }
}

/** Modules by name, whose parameters count as the owner's. It computes nothing itself. */
export class ModuleDict<M extends AnyModule = AnyModule> extends Module {
  constructor(modules: Readonly<Record<string, M>> = {}) {
    super();
    for (const [name, value] of Object.entries(modules)) this.set(name, value);
  }

  get(name: string): M | undefined {
    return this.entries().find(([key]) => key === name)?.[1];
  }

  set(name: string, module: M): this {
    putNamed(this, name, module);
    return this;
  }

  entries(): [string, M][] {
    return [...this.namedChildren()] as [string, M][];
  }
}

/** As a parameter; a plain tensor becomes one that shares its memory. @throws ArgumentError for anything else. */
function parameterOf(container: AnyModule, name: string | number, value: Tensor): Parameter {
  if (value instanceof Parameter) return value;
  if (value instanceof Tensor) return new Parameter(value.detach());
  throw new ArgumentError(`${container.constructor.name}: entry ${name} is not a tensor but ${typeof value}.`);
}

const ownParameters = (container: AnyModule): [string, Parameter][] =>
  Object.entries(container).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);

const describeParameters = (container: AnyModule): string =>
  ownParameters(container)
    .map(([name, { shape }]) => `${name}: ${showShape(shape)}`)
    .join(', ');

/** A list of parameters that count as the owner's. Its parameters are `0`, `1` … */
export class ParameterList extends Module {
  constructor(parameters: Iterable<Tensor> = []) {
    super();
    this.extend(parameters);
  }

  override get length(): number {
    return ownParameters(this).length;
  }

  /** The parameter at a position; negative counts from the end. */
  at(index: number): Parameter | undefined {
    return ownParameters(this).at(index)?.[1];
  }

  append(parameter: Tensor): this {
    const place = this.length;
    define(this, place, parameterOf(this, place, parameter));
    return this;
  }

  extend(parameters: Iterable<Tensor>): this {
    for (const parameter of parameters) this.append(parameter);
    return this;
  }

  *[Symbol.iterator](): Generator<Parameter> {
    for (const [, parameter] of ownParameters(this)) yield parameter;
  }

  override describe(): string {
    return describeParameters(this);
  }
}

/** Parameters by name that count as the owner's. */
export class ParameterDict extends Module {
  constructor(parameters: Readonly<Record<string, Tensor>> = {}) {
    super();
    for (const [name, value] of Object.entries(parameters)) this.set(name, value);
  }

  get(name: string): Parameter | undefined {
    return this.entries().find(([key]) => key === name)?.[1];
  }

  set(name: string, parameter: Tensor): this {
    define(this, name, parameterOf(this, name, parameter));
    return this;
  }

  entries(): [string, Parameter][] {
    return ownParameters(this);
  }

  override describe(): string {
    return describeParameters(this);
  }
}
