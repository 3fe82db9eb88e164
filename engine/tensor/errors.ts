// Each message says what was expected, what came, and what to do. `name` is stable: hosts and tests may rely on it.

/** Shapes, dimensions or indices that don't fit the operation. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** An element type the operation can't work on. */
export class DTypeError extends Error {
  override readonly name = 'DTypeError';
}

/** Something about the tape: backward on a non-scalar, a freed graph, a value changed in place. */
export class GradientError extends Error {
  override readonly name = 'GradientError';
}

/** An argument outside its domain. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

export const showShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
