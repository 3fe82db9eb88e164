import { noGrad } from '../autograd/mode.ts';
import { randn } from '../tensor/chance.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from './convolution.ts';
import type { AnyModule } from './module.ts';
import { Buffer, Parameter } from './parameter.ts';

// A parameter computed from others: before every forward the module's field is set anew, and it is no parameter any more.

const removers = new WeakMap<object, (() => void)[]>();

function parameterOf(what: string, module: AnyModule, name: string): Parameter {
  const value: unknown = Reflect.get(module, name);
  if (value instanceof Parameter) return value;
  throw new ArgumentError(`${what}: ${module.constructor.name} has no parameter ${name}.`);
}

/** Replaces the parameter by what `compute` makes, now and before every forward. */
function replace<M extends AnyModule>(module: M, name: string, compute: () => Tensor, extra: readonly string[]): M {
  const set = (value: Tensor): void => {
    Object.assign(module, { [name]: value });
  };
  const remove = module.registerForwardPreHook(() => {
    set(compute());
    return undefined;
  });
  set(compute());
  const undo = (): void => {
    remove();
    const value = noGrad(compute);
    for (const field of extra) Reflect.deleteProperty(module, field);
    set(new Parameter(value.detach().clone()));
  };
  removers.set(module, [...(removers.get(module) ?? []), undo]);
  return module;
}

/** The norms over all dimensions but `dim`, which stay as 1; one norm of all for null. */
function normsBut(weight: Tensor, dim: number | null): Tensor {
  if (dim === null) return weight.norm();
  const kept = dim < 0 ? dim + weight.shape.length : dim;
  const others = [...weight.shape.keys()].filter((d) => d !== kept);
  return weight.norm(2, others, true);
}

/**
 * weight = g·v/‖v‖, with a length g per slice of `dim`, or one for null (Salimans & Kingma 2016). The module then trains `weightG` and `weightV`
 * (after the name of the parameter) instead of `weight`.
 */
export function weightNorm<M extends AnyModule>(
  module: M,
  name = 'weight',
  { dim = 0 }: { readonly dim?: number | null } = {},
): M {
  const weight = parameterOf('weightNorm', module, name);
  const g = new Parameter(noGrad(() => normsBut(weight, dim)));
  const v = new Parameter(weight.detach().clone());
  Object.assign(module, { [`${name}G`]: g, [`${name}V`]: v });
  return replace(module, name, () => v.mul(g.div(normsBut(v, dim))), [`${name}G`, `${name}V`]);
}

export interface SpectralOptions {
  /** Power iterations at every forward while training. Default 1. */
  readonly nPowerIterations?: number;
  /** Default 1e-12. */
  readonly eps?: number;
  /** The dimension that makes the rows of the matrix. Default 0, and 1 for transposed convolutions. */
  readonly dim?: number;
}

/**
 * weight = w/σ(w), with the greatest singular value σ found by power iteration (Miyato et al. 2018). The module then trains
 * `weightOrig` and keeps the vectors `weightU` and `weightV`; both count as constants in backward.
 */
export function spectralNorm<M extends AnyModule>(
  module: M,
  name = 'weight',
  { nPowerIterations = 1, eps = 1e-12, dim = isTransposed(module) ? 1 : 0 }: SpectralOptions = {},
): M {
  const original = parameterOf('spectralNorm', module, name);
  const matrix = (): Tensor => original.transpose(0, dim).flatten(1);
  const unit = (x: Tensor): Tensor => x.div(Math.max(eps, x.norm().item()));
  const u = new Buffer(unit(randn([original.shape[dim]], { dtype: original.dtype })));
  const v = new Buffer(noGrad(() => unit(matrix().t().mv(u))));
  const fields = { [`${name}Orig`]: original, [`${name}U`]: u, [`${name}V`]: v };
  Object.assign(module, fields);
  const iterate = (): void => {
    for (let i = 0; i < nPowerIterations; i++) {
      v.copy_(unit(matrix().t().mv(u)));
      u.copy_(unit(matrix().mv(v)));
    }
  };
  const compute = (): Tensor => {
    if (module.training) noGrad(iterate);
    // σ' = uᵀw'v
    return original.div(u.clone().dot(matrix().mv(v.clone())));
  };
  return replace(module, name, compute, Object.keys(fields));
}

const isTransposed = (module: AnyModule): boolean =>
  [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some((Kind) => module instanceof Kind);

/** Makes the parameters that `weightNorm` and `spectralNorm` compute ordinary ones again, with their present values. */
export function removeReparametrizations(root: AnyModule): void {
  for (const module of root.modules()) {
    for (const undo of removers.get(module) ?? []) undo();
    removers.delete(module);
  }
}
