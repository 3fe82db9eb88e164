import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

export interface LoadOptions {
  /** Every path must be there, and no other. Default true. */
  readonly strict?: boolean;
}

/** What a state dict and a module didn't have in common. */
export interface LoadReport {
  readonly missingKeys: readonly string[];
  readonly unexpectedKeys: readonly string[];
}

const inCamel = (name: string): string => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Values by our own paths: a path that isn't one is tried without underscores. */
export function inOurSpelling(
  given: Readonly<Record<string, Tensor>>,
  own: ReadonlyMap<string, unknown>,
): Map<string, Tensor> {
  const entries = Object.entries(given).filter(
    ([name]) => own.has(name) || own.has(inCamel(name)) || !name.endsWith('num_batches_tracked'),
  );
  return new Map(
    entries.map(([name, tensor]) => {
      const camel = inCamel(name);
      return [own.has(name) || !own.has(camel) ? name : camel, tensor];
    }),
  );
}

/** A field of the module's own, whatever its name. */
export function own(module: object, name: string, value: unknown): void {
  if (name === '' || name.includes('.') || (name in module && !Object.hasOwn(module, name))) {
    throw new ArgumentError(`${module.constructor.name}: '${name}' can't be the name of a field.`);
  }
  Object.defineProperty(module, name, { value, enumerable: true, configurable: true, writable: true });
}

export function at<T>(module: object, method: string, named: Iterable<[string, T]>, path: string): T {
  const all = new Map(named);
  const found = all.get(path);
  if (found !== undefined) return found;
  const names = [...all.keys()].filter((name) => name !== '').join(', ') || 'none';
  throw new ArgumentError(`${method}: ${module.constructor.name} has no '${path}'; it has ${names}.`);
}
