import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** Arguments by position, as in PyTorch, any of which may instead be the last one: an object of options by name. */
export type Given<Positions extends readonly unknown[], Options> = [
  ...{ [K in keyof Positions]?: Positions[K] | Options },
  options?: Options,
];

const isOptions = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Tensor);

/**
 * The options as they are, all of whose names are among `names`. A module that stands for its own options is not looked at.
 * @throws ArgumentError for another name: JavaScript would ignore it.
 */
export function known<O extends object>(owner: string, options: O, names: readonly (keyof O & string)[]): O {
  if (typeof options === 'function') return options;
  if (!isOptions(options)) {
    throw new ArgumentError(`${owner}: expected an object of options (${names.join(', ')}), got ${options}.`);
  }
  for (const name in options) {
    if (names.includes(name)) continue;
    const ours = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const hint = names.includes(ours as keyof O & string) ? ` (it is spelled ${ours})` : '';
    throw new ArgumentError(`${owner}: there is no option ${name}${hint}; there are ${names.join(', ')}.`);
  }
  return options;
}

/**
 * The options that were given by position (in the order of `names`) or by name.
 * @throws ArgumentError for a name that isn't among `names`, or for more arguments than there are.
 */
export function byName<O extends object>(
  owner: string,
  names: readonly (keyof O & string)[],
  given: readonly unknown[],
): O {
  const last = given.at(-1);
  const options = isOptions(last) ? last : {};
  const positions = isOptions(last) ? given.slice(0, -1) : given;
  if (positions.length > names.length) {
    throw new ArgumentError(`${owner}: expected at most ${names.length} options (${names.join(', ')}).`);
  }
  known<Partial<O>>(owner, options, names);
  const byPosition = positions.flatMap((value, i) => (value === undefined ? [] : [[names[i], value] as const]));
  return { ...Object.fromEntries(byPosition), ...options } as O;
}
