import type { DType, Numbers } from '../tensor/dtype.ts';
import type { Layout } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Sample } from './sample.ts';
import type { Attributes, OperationName } from './table.ts';

/** Shape and element type: all that inference needs, and all that a rule may know of an input it didn't save. */
export interface Shaped {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** An operation that takes nothing but tensors. */
export type None = Record<string, never>;
export const none: None = {};

/** Applies an operation, recording it if gradients are wanted. */
export type Apply = <K extends OperationName>(name: K, inputs: readonly Tensor[], attributes: Attributes[K]) => Tensor;

/** What a backward rule may look at. */
export interface RuleContext<A> {
  readonly attributes: A;
  readonly inputs: readonly Shaped[];
  readonly shape: readonly number[];
  /** Which inputs want a gradient. */
  readonly needs: readonly boolean[];
  /** A saved tensor, in the order of `saves`; throws if its memory has been changed since. */
  readonly saved: (index: number) => Tensor;
  /** How many tensors were saved. */
  readonly savedCount: number;
  readonly apply: Apply;
}

/**
 * Gradients with respect to the inputs, in order; null for none. Written in differentiable operations, so that it can
 * be differentiated again. A gradient may have any shape that the input broadcast to: it is summed back by the caller.
 */
export type Rule<A> = (gradient: Tensor, context: RuleContext<A>) => readonly (Tensor | null)[];

/** What the rule reads: inputs by index, the output, and then whatever `forward` kept. */
export type Saves = readonly (number | 'output')[];

interface Common<A> {
  /** Null where a derivative makes no sense: integer or boolean results. */
  readonly backward: Rule<A> | null;
  readonly saves: Saves;
  readonly samples: () => readonly Sample<A>[];
}

/** Computes new elements. */
export interface Computed<A> extends Common<A> {
  /** Checks the inputs; throws ShapeError or DTypeError. */
  readonly infer: (inputs: readonly Tensor[], attributes: A) => Shaped;
  /** `forward` writes every element of `out`, so it needn't be zeros at first. */
  readonly overwrites?: true;
  /** Fills `out`, zeros at first, in row-major order. What it gives `keep` is saved after what `saves` names. */
  readonly forward: (
    inputs: readonly Tensor[],
    attributes: A,
    out: Numbers,
    shape: readonly number[],
    keep: (tensor: Tensor) => void,
  ) => void;
}

/** Shows the memory of its one input in another way. */
export interface Viewed<A> extends Common<A> {
  readonly layout: (input: Tensor, attributes: A) => Layout;
}

/** Computes its output with other operations, off the tape. */
export interface Composed<A> extends Common<A> {
  readonly compute: (inputs: readonly Tensor[], attributes: A, keep: (tensor: Tensor) => void) => Tensor;
}

export type Operation<A> = Computed<A> | Viewed<A> | Composed<A>;
