import { apply } from '../autograd/apply.ts';
import { cat, stack, zeros } from '../tensor/create.ts';
import { ArgumentError, ShapeError, showShape } from '../tensor/errors.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { byName, type Given } from './functional/given.ts';
import * as F from './functional.ts';
import { defaultUniform_ } from './init.ts';
import { Module } from './module.ts';
import { Parameter } from './parameter.ts';
import { type CellKind, cells } from './recurrence.ts';

export interface RecurrentOptions {
  /** Layers on top of each other. Default 1. */
  readonly numLayers?: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Sequences are [n, steps, features] instead of [steps, n, features]. Default false. */
  readonly batchFirst?: boolean;
  /** Probability of zeroing outputs between layers. Default 0. */
  readonly dropout?: number;
  /** Run a second time from the end; both outputs are joined. Default false. */
  readonly bidirectional?: boolean;
}

export interface LstmOptions extends RecurrentOptions {
  /** The width of outputs, made from the hidden ones by a matrix without bias (Sak et al. 2014). Default 0: no such matrix. */
  readonly projSize?: number;
}

const names = ['numLayers', 'bias', 'batchFirst', 'dropout', 'bidirectional'] as const;

type Positions = [numLayers: number, bias: boolean, batchFirst: boolean, dropout: number, bidirectional: boolean];

/** The parameters of one layer in one direction. */
interface Direction {
  readonly suffix: string;
  readonly backwards: boolean;
}

/**
 * A recurrent network over whole sequences. The parameters of layer k are weightIhL‹k› [gates·hidden, in], weightHhL‹k›
 * [gates·hidden, out], biasIhL‹k› and biasHhL‹k›, and with a projection weightHrL‹k› [out, hidden]; with `Reverse` after those of
 * the second direction; all U(±1/√hidden).
 */
abstract class Recurrent<State> extends Module<[input: Tensor, state?: State], [output: Tensor, state: State]> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly options: Required<LstmOptions>;
  readonly kind: CellKind;

  constructor(kind: CellKind, inputSize: number, hiddenSize: number, options: LstmOptions) {
    super();
    this.kind = kind;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    const defaults = { numLayers: 1, bias: true, batchFirst: false, dropout: 0, bidirectional: false, projSize: 0 };
    this.options = { ...defaults, ...options };
    if (this.options.projSize >= hiddenSize) {
      throw new ArgumentError(`${new.target.name}: projSize must be smaller than the ${hiddenSize} hidden features.`);
    }
    const rows = cells[kind].gates * hiddenSize;
    const make = (...shape: number[]) => new Parameter(defaultUniform_(zeros(shape), hiddenSize));
    for (let layer = 0; layer < this.options.numLayers; layer++) {
      const width = layer === 0 ? inputSize : this.outputSize * this.directions(0).length;
      for (const { suffix } of this.directions(layer)) {
        const parameters = {
          [`weightIh${suffix}`]: make(rows, width),
          [`weightHh${suffix}`]: make(rows, this.outputSize),
        };
        const biases = { [`biasIh${suffix}`]: make(rows), [`biasHh${suffix}`]: make(rows) };
        const projection = { [`weightHr${suffix}`]: make(this.outputSize, hiddenSize) };
        const projects = this.options.projSize > 0;
        Object.assign(this, parameters, this.options.bias ? biases : {}, projects ? projection : {});
      }
    }
  }

  /** The width of one direction's outputs. */
  private get outputSize(): number {
    return this.options.projSize || this.hiddenSize;
  }

  private directions(layer: number): Direction[] {
    const forward = { suffix: `L${layer}`, backwards: false };
    return this.options.bidirectional ? [forward, { suffix: `L${layer}Reverse`, backwards: true }] : [forward];
  }

  private parameter(name: string): Parameter | null {
    return (Reflect.get(this, name) as Parameter | undefined) ?? null;
  }

  /** Outputs [steps, n, hidden] of one direction, and the last state. */
  private scan(x: Tensor, { suffix, backwards }: Direction, initial: Tensor[]): { outputs: Tensor; state: Tensor[] } {
    const step = cells[this.kind].step;
    const projected = F.linear(x, this.parameter(`weightIh${suffix}`)!, this.parameter(`biasIh${suffix}`));
    const weight = this.parameter(`weightHh${suffix}`)!;
    const bias = this.parameter(`biasHh${suffix}`);
    const projection = this.parameter(`weightHr${suffix}`);
    const [steps] = projected.shape;
    const alike = initial.every(({ dtype }) => dtype === projected.dtype) && weight.dtype === projected.dtype;
    if (this.kind === 'lstm' && projection === null && steps > 0 && alike) {
      const all = apply('lstm', [projected, weight, ...initial, ...(bias === null ? [] : [bias])], { backwards });
      const outputs = all.slice(0, 0, steps);
      return { outputs, state: [outputs.select(0, backwards ? 0 : steps - 1), all.select(0, steps)] };
    }
    const inputs = projected.unbind(0);
    const outputs: Tensor[] = [];
    let state = initial;
    for (const input of backwards ? inputs.toReversed() : inputs) {
      const [hidden, ...others] = step(input, F.linear(state[0], weight, bias), state);
      state = [projection === null ? hidden : F.linear(hidden, projection), ...others];
      outputs.push(state[0]);
    }
    return { outputs: stack(backwards ? outputs.toReversed() : outputs), state };
  }

  /** States are lists of [layers · directions, n, width], one tensor per quantity a cell carries. A sequence without n stays so. */
  protected run(input: Tensor, given: readonly Tensor[] | undefined): { output: Tensor; states: Tensor[] } {
    if (input.shape.length === 2) {
      const batch = this.options.batchFirst ? 0 : 1;
      const { output, states } = this.run(
        input.unsqueeze(batch),
        given?.map((state) => state.unsqueeze(1)),
      );
      return { output: output.squeeze(batch), states: states.map((state) => state.squeeze(1)) };
    }
    if (input.shape.length !== 3 || input.shape[2] !== this.inputSize) {
      const order = this.options.batchFirst ? '[n, steps, features]' : '[steps, n, features]';
      throw new ShapeError(
        `${this.constructor.name}: expected ${order} with ${this.inputSize} features, got ${showShape(input.shape)}.`,
      );
    }
    let x = this.options.batchFirst ? input.transpose(0, 1) : input;
    const widths = [this.outputSize, this.hiddenSize];
    this.checkStates(given, x.shape[1], widths);
    const start = widths.map((width) => zeros([x.shape[1], width], { dtype: x.dtype }));
    const last: Tensor[][] = [];
    for (let layer = 0; layer < this.options.numLayers; layer++) {
      const results = this.directions(layer).map((direction) => {
        const index = last.length;
        const initial = cells[this.kind].carries.map((_, i) => given?.[i].select(0, index) ?? start[i]);
        const result = this.scan(x, direction, initial);
        last.push(result.state);
        return result.outputs;
      });
      x = results.length === 1 ? results[0] : cat(results, 2);
      const between = layer + 1 < this.options.numLayers;
      if (between) x = F.dropout(x, { p: this.options.dropout, training: this.training });
    }
    const states = cells[this.kind].carries.map((_, i) => stack(last.map((state) => state[i])));
    return { output: this.options.batchFirst ? x.transpose(0, 1) : x, states };
  }

  private checkStates(given: readonly Tensor[] | undefined, n: number, widths: readonly number[]): void {
    const count = this.options.numLayers * this.directions(0).length;
    given?.forEach(({ shape }, i) => {
      const expected = [count, n, widths[i]];
      if (sameShape(shape, expected)) return;
      throw new ShapeError(
        `${this.constructor.name}: expected a first state [layers · directions, n, width] = ${showShape(expected)}, got ${showShape(shape)}.`,
      );
    });
  }

  override describe(): string {
    const defaults: Record<string, unknown> = {
      numLayers: 1,
      bias: true,
      batchFirst: false,
      dropout: 0,
      bidirectional: false,
      projSize: 0,
    };
    const shown = Object.entries(this.options).filter(([name, value]) => value !== defaults[name]);
    return [this.inputSize, this.hiddenSize, ...shown.map(([name, value]) => `${name}=${value}`)].join(', ');
  }
}

/** h' = tanh(W·x + U·h + b) (Elman 1990). Called with a sequence and maybe a first state h; returns [outputs, last h]. */
export class RNN extends Recurrent<Tensor> {
  constructor(
    inputSize: number,
    hiddenSize: number,
    ...given: Given<
      [numLayers: number, nonlinearity: 'tanh' | 'relu'],
      RecurrentOptions & { readonly nonlinearity?: 'tanh' | 'relu' }
    >
  ) {
    const [numLayers, ...others] = names;
    const all = byName<RecurrentOptions & { nonlinearity?: string }>(
      'RNN',
      [numLayers, 'nonlinearity', ...others],
      given,
    );
    const { nonlinearity, ...options } = all;
    super(nonlinearity === 'relu' ? 'rnnRelu' : 'rnn', inputSize, hiddenSize, options);
  }

  override forward(input: Tensor, state?: Tensor): [Tensor, Tensor] {
    const { output, states } = this.run(input, state && [state]);
    return [output, states[0]];
  }
}

/** The gated recurrent unit (Cho et al. 2014). Called with a sequence and maybe a first state h; returns [outputs, last h]. */
export class GRU extends Recurrent<Tensor> {
  constructor(inputSize: number, hiddenSize: number, ...given: Given<Positions, RecurrentOptions>) {
    super('gru', inputSize, hiddenSize, byName<RecurrentOptions>('GRU', names, given));
  }

  override forward(input: Tensor, state?: Tensor): [Tensor, Tensor] {
    const { output, states } = this.run(input, state && [state]);
    return [output, states[0]];
  }
}

/** Long short-term memory (Hochreiter & Schmidhuber 1997). Called with a sequence and maybe [h, c]; returns [outputs, [h, c]]. */
export class LSTM extends Recurrent<[h: Tensor, c: Tensor]> {
  constructor(inputSize: number, hiddenSize: number, ...given: Given<[...Positions, projSize: number], LstmOptions>) {
    super('lstm', inputSize, hiddenSize, byName<LstmOptions>('LSTM', [...names, 'projSize'], given));
  }

  override forward(input: Tensor, state?: [Tensor, Tensor]): [Tensor, [Tensor, Tensor]] {
    const { output, states } = this.run(input, state);
    return [output, [states[0], states[1]]];
  }
}
