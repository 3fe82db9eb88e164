import { zeros } from '../tensor/create.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { defaultUniform_ } from './init.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';
import { type CellKind, cells } from './recurrence.ts';

/** One step of a recurrent network, for loops written by hand. Weights [gates·hidden, in], U(±1/√hidden). */
abstract class RecurrentCell<State> extends Module<[input: Tensor, state?: State], State> {
  readonly kind: CellKind;
  readonly hiddenSize: number;
  weightIh: Parameter;
  weightHh: Parameter;
  biasIh: Parameter | null;
  biasHh: Parameter | null;

  constructor(kind: CellKind, inputSize: number, hiddenSize: number, bias: boolean) {
    super();
    const rows = cells[kind].gates * hiddenSize;
    const make = (...shape: number[]) => new Parameter(defaultUniform_(zeros(shape), hiddenSize));
    this.kind = kind;
    this.hiddenSize = hiddenSize;
    this.weightIh = make(rows, inputSize);
    this.weightHh = make(rows, hiddenSize);
    this.biasIh = bias ? make(rows) : null;
    this.biasHh = bias ? make(rows) : null;
  }

  protected advance(input: Tensor, given: readonly Tensor[] | undefined): Tensor[] {
    const start = zeros([input.shape[0], this.hiddenSize], { dtype: input.dtype });
    const state = given ?? cells[this.kind].carries.map(() => start);
    const fromInput = F.linear(input, this.weightIh, this.biasIh);
    return cells[this.kind].step(fromInput, F.linear(state[0], this.weightHh, this.biasHh), state);
  }
}

interface CellOptions {
  /** Default true. */
  readonly bias?: boolean;
}

interface RnnCellOptions extends CellOptions {
  /** Default tanh. */
  readonly nonlinearity?: 'tanh' | 'relu';
}

/** x [n, in], h [n, hidden] (zeros at first) → h'. */
export class RNNCell extends RecurrentCell<Tensor> {
  constructor(
    inputSize: number,
    hiddenSize: number,
    ...options: Given<[bias: boolean, nonlinearity: 'tanh' | 'relu'], RnnCellOptions>
  ) {
    const { bias = true, nonlinearity } = byName<RnnCellOptions>('RNNCell', ['bias', 'nonlinearity'], options);
    super(nonlinearity === 'relu' ? 'rnnRelu' : 'rnn', inputSize, hiddenSize, bias);
  }

  override forward(input: Tensor, state?: Tensor): Tensor {
    return this.advance(input, state && [state])[0];
  }
}

/** x [n, in], h [n, hidden] (zeros at first) → h'. */
export class GRUCell extends RecurrentCell<Tensor> {
  constructor(inputSize: number, hiddenSize: number, ...options: Given<[bias: boolean], CellOptions>) {
    super('gru', inputSize, hiddenSize, byName<CellOptions>('GRUCell', ['bias'], options).bias ?? true);
  }

  override forward(input: Tensor, state?: Tensor): Tensor {
    return this.advance(input, state && [state])[0];
  }
}

/** x [n, in], [h, c] each [n, hidden] (zeros at first) → [h', c']. */
export class LSTMCell extends RecurrentCell<[h: Tensor, c: Tensor]> {
  constructor(inputSize: number, hiddenSize: number, ...options: Given<[bias: boolean], CellOptions>) {
    super('lstm', inputSize, hiddenSize, byName<CellOptions>('LSTMCell', ['bias'], options).bias ?? true);
  }

  override forward(input: Tensor, state?: [Tensor, Tensor]): [Tensor, Tensor] {
    const [h, c] = this.advance(input, state);
    return [h, c];
  }
}
