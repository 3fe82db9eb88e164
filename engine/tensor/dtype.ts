/** What a tensor's elements are kept in. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Element types. `bool` is one byte, 0 or 1. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool';

interface DTypeRow {
  /** Only floating types have gradients. */
  readonly floating: boolean;
  /** Promotion goes to the higher rank. */
  readonly rank: number;
  /** Machine epsilon; 0 for exact types. */
  readonly epsilon: number;
}

export const dtypes: { readonly [K in DType]: DTypeRow } = {
  bool: { floating: false, rank: 0, epsilon: 0 },
  int32: { floating: false, rank: 1, epsilon: 0 },
  float32: { floating: true, rank: 2, epsilon: 2 ** -23 },
  float64: { floating: true, rank: 3, epsilon: 2 ** -52 },
};

export const isFloating = (dtype: DType): boolean => dtype === 'float32' || dtypes[dtype].floating;

export const promote = (a: DType, b: DType): DType => (dtypes[a].rank >= dtypes[b].rank ? a : b);

/** The type of a quotient, a mean, a root: floating stays, the rest becomes float32. */
export const toFloating = (dtype: DType): DType => (isFloating(dtype) ? dtype : 'float32');
