import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type AnyModule, Module } from './module.ts';

/** The numbered children of a container. */
function numbered<M extends AnyModule>(container: AnyModule): M[] {
  return container.children() as M[];
}

function put(container: AnyModule, modules: readonly AnyModule[], start: number): void {
  modules.forEach((module, i) => {
    if (!(module instanceof Module)) {
      throw new ArgumentError(
        `${container.constructor.name}: entry ${start + i} is not a module. Activations are modules too: new nn.Tanh().`,
      );
    }
    Object.defineProperty(container, start + i, {
      value: module,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  });
}

/** Applies modules one after the other: `new Sequential(a, b)` computes b(a(x)). Its children are `0`, `1` … */
export class Sequential extends Module<[input: Tensor], Tensor> {
  constructor(...modules: AnyModule[]) {
    super();
    put(this, modules, 0);
  }

  override forward(input: Tensor): Tensor {
    return numbered(this).reduce((x, module) => module(x), input);
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
    Object.defineProperty(this, name, { value: module, enumerable: true, configurable: true, writable: true });
    return this;
  }

  entries(): [string, M][] {
    return [...this.namedChildren()] as [string, M][];
  }
}
