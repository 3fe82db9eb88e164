import { NORM_BLOCK } from '../../reference/layerNorm.ts';
import { GEOMETRY_BYTES as ATTENTION_BYTES } from '../attention.ts';
import { GEOMETRY_BYTES as CONVOLUTION_BYTES } from '../convolution.ts';
import { BINARY, type KernelExports, UNARY } from '../exports.ts';
import type { Cut, Team } from './team.ts';

/** Functions that take about ten times as long an element as reading and writing it. */
const SLOW = new Set<string>(['expOf', 'logOf', 'tanhOf', 'sigmoidOf', 'erfOf', 'geluOf', 'logSigmoidOf', 'silu']);
const SLOW_PAIRS = new Set<string>(['geluBackward', 'siluBackward', 'logitLoss']);
/** Nanoseconds an element, roughly; and a multiplication within a matrix product. */
const FAST_ELEMENT = 0.3;
const SLOW_ELEMENT = 2;
const MULTIPLICATION = 0.02;

const whole = (operands: readonly unknown[]): number[] => operands.map(Number);

/**
 * The kernels, with those calls shared out among a team's threads that are long enough. Small ones go straight through.
 * The least work counts as a number of elements too: the fastest take a third of a nanosecond, the slowest three.
 * @param words The memory in which nests and geometries are written, as int32.
 */
export function sharedKernels(wasm: KernelExports, team: Team, words: Int32Array): KernelExports {
  return {
    ...wasm,
    ...elementwise(wasm, team),
    ...nested(wasm, team, words),
    ...layers(wasm, team),
    ...alongRows(wasm, team),
    ...byChannel(wasm, team),
    ...convolutions(wasm, team, words),
    ...attentions(wasm, team, words),
    ...updates(wasm, team),
  };
}

type Some = Partial<KernelExports>;

/** Arrays that are walked in step, `count` elements of four bytes. */
const flat = (units: number, count: number, arrays: readonly number[], each: number): Cut => ({
  units,
  grain: 16,
  count,
  moves: arrays.map((operand) => [operand, 4]),
  work: units * each,
});

function elementwise(wasm: KernelExports, team: Team): Some {
  const shared: Some = {
    leakyRelu(x, out, n, slope) {
      if (n < team.leastWork) wasm.leakyRelu(x, out, n, slope);
      else team.call('leakyRelu', [x, out, n, slope], flat(n, 2, [0, 1], FAST_ELEMENT));
    },
    clamp(x, out, n, min, max) {
      if (n < team.leastWork) wasm.clamp(x, out, n, min, max);
      else team.call('clamp', [x, out, n, min, max], flat(n, 2, [0, 1], FAST_ELEMENT));
    },
  };
  for (const name of UNARY) {
    const [alone, each] = [wasm[name], SLOW.has(name) ? SLOW_ELEMENT : FAST_ELEMENT];
    shared[name] = (x, out, n) => {
      if (n < team.leastWork) alone(x, out, n);
      else team.call(name, [x, out, n], flat(n, 2, [0, 1], each));
    };
  }
  return shared;
}

/** Words of a nest: four sizes, the innermost first, and four strides for each of three arrays. */
const LEVELS = 4;

function nested(wasm: KernelExports, team: Team, words: Int32Array): Some {
  /** The outermost loop is shared out. `arrays`: bytes an element of those that the nest has strides for. */
  const cut = (nest: number, arrays: readonly number[], outBytes: number | null, each: number): Cut => {
    const at = nest / 4;
    let level = LEVELS - 1;
    while (level > 0 && words[at + level] === 1) level--;
    let inner = 1;
    for (let below = 0; below < level; below++) inner *= words[at + below];
    const moves = arrays.map((bytes, i) => [i, bytes * words[at + LEVELS * (1 + i) + level]] as const);
    const all = outBytes === null ? moves : [...moves, [arrays.length, outBytes * inner] as const];
    const operand = outBytes === null ? arrays.length : arrays.length + 1;
    const units = words[at + level];
    const count = { operand, bytes: 16 * LEVELS, word: level };
    return { units, grain: level === 0 ? 16 : 1, count, moves: all, work: units * inner * each };
  };
  const size = (nest: number): number => {
    const at = nest / 4;
    return words[at] * words[at + 1] * words[at + 2] * words[at + 3];
  };
  const shared: Some = {
    where(condition, x, y, out, nest) {
      if (size(nest) < team.leastWork) wasm.where(condition, x, y, out, nest);
      else team.call('where', [condition, x, y, out, nest], cut(nest, [1, 4, 4], 4, FAST_ELEMENT));
    },
  };
  for (const [name, bytes] of [
    ['copy1', 1],
    ['copy4', 4],
  ] as const) {
    const alone = wasm[name];
    shared[name] = (x, out, nest) => {
      if (size(nest) < team.leastWork) alone(x, out, nest);
      else team.call(name, [x, out, nest], cut(nest, [bytes, bytes], null, FAST_ELEMENT));
    };
  }
  for (const name of BINARY) {
    const alone = wasm[name];
    const outBytes = name === 'eq' || name === 'ne' || name === 'lt' || name === 'le' ? 1 : 4;
    const each = SLOW_PAIRS.has(name) ? SLOW_ELEMENT : FAST_ELEMENT;
    shared[name] = (x, y, out, nest) => {
      if (size(nest) < team.leastWork) alone(x, y, out, nest);
      else team.call(name, [x, y, out, nest], cut(nest, [4, 4], outBytes, each));
    };
  }
  return shared;
}

/** A product by columns or by rows of the result, whichever copies less of an operand once more for each part. */
function products(wasm: KernelExports, team: Team): Pick<KernelExports, 'matmul' | 'matmulWide'> {
  const shared = (name: 'matmul' | 'matmulWide'): KernelExports['matmul'] => {
    const alone = wasm[name];
    return (a, aRow, aColumn, b, bRow, bColumn, out, outRow, m, k, n, accumulate) => {
      const work = m * k * n * MULTIPLICATION;
      if (work < 2 * team.leastWork) {
        alone(a, aRow, aColumn, b, bRow, bColumn, out, outRow, m, k, n, accumulate);
        return;
      }
      const byColumns = n >= 64 && (m < 64 || aColumn === 1 || m <= n);
      const cut: Cut = byColumns
        ? {
            units: n,
            grain: 16,
            count: 10,
            work,
            moves: [
              [3, 4 * bColumn],
              [6, 4],
            ],
          }
        : {
            units: m,
            grain: 12,
            count: 8,
            work,
            moves: [
              [0, 4 * aRow],
              [6, 4 * outRow],
            ],
          };
      const operands = [a, aRow, aColumn, b, bRow, bColumn, out, outRow, m, k, n, Number(accumulate)];
      team.call(name, operands, cut);
    };
  };
  return { matmul: shared('matmul'), matmulWide: shared('matmulWide') };
}

/** Linear layers in one call if they are small, else by their products. */
function layers(wasm: KernelExports, team: Team): Some {
  const shared = products(wasm, team);
  type Product = Parameters<KernelExports['matmul']>;
  /** `narrow` tiles for results of few columns. */
  const product = (wide: boolean, ...operands: Product): void => {
    const columns = operands[10];
    if (wide && columns > 8) shared.matmulWide(...operands);
    else shared.matmul(...operands);
  };
  // one output: no product, and soon done
  const small = (m: number, k: number, n: number): boolean =>
    n === 1 || m * k * n * MULTIPLICATION < 2 * team.leastWork;
  return {
    ...shared,
    linear(x, weight, bias, out, m, k, n, wide) {
      if (small(m, k, n)) {
        wasm.linear(x, weight, bias, out, m, k, n, wide);
        return;
      }
      if (bias !== 0) wasm.fillRows(bias, out, m, n);
      product(wide, x, k, 1, weight, 1, k, out, n, m, k, n, bias !== 0);
    },
    linearBackward(g, x, weight, dx, dw, db, m, k, n, wide) {
      if (small(m, k, n)) {
        wasm.linearBackward(g, x, weight, dx, dw, db, m, k, n, wide);
        return;
      }
      if (dx !== 0) product(wide, g, n, 1, weight, k, 1, dx, k, m, n, k, false);
      if (dw !== 0) product(wide, g, 1, n, x, k, 1, dw, k, n, m, k, false);
      if (db !== 0) wasm.columnSums(g, db, m, n);
    },
  };
}

function alongRows(wasm: KernelExports, team: Team): Some {
  /** `rows`: operands that move by a row; `single`: those with one element a row. */
  const cut = (units: number, length: number, count: number, rows: number[], single: number[], each: number): Cut => ({
    units,
    grain: 1,
    count,
    moves: [...rows.map((i) => [i, 4 * length] as const), ...single.map((i) => [i, 4] as const)],
    work: units * length * each,
  });
  return {
    softmax(...operands) {
      const [, , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.softmax(...operands);
      else team.call('softmax', whole(operands), cut(rows, length, 2, [0, 1], [], SLOW_ELEMENT));
    },
    softmaxBackward(...operands) {
      const [, , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.softmaxBackward(...operands);
      else team.call('softmaxBackward', whole(operands), cut(rows, length, 3, [0, 1, 2], [], 2 * FAST_ELEMENT));
    },
    standardize(...operands) {
      const [, , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.standardize(...operands);
      else team.call('standardize', operands, cut(rows, length, 3, [0, 1], [2], 2 * FAST_ELEMENT));
    },
    standardizeBackward(...operands) {
      const [, , , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.standardizeBackward(...operands);
      else team.call('standardizeBackward', operands, cut(rows, length, 4, [0, 1, 3], [2], 2 * FAST_ELEMENT));
    },
    layerNorm(...operands) {
      const [, , , , , rows, length] = operands;
      if (rows * length < team.leastWork) return wasm.layerNorm(...operands);
      const moves = [0, 3].map((i) => [i, 4 * length] as const);
      const work = rows * length * 2 * FAST_ELEMENT;
      team.call('layerNorm', operands, { units: rows, grain: 1, count: 5, moves: [...moves, [4, 8]], work });
    },
    layerNormBackward(...operands) {
      const [, , , , , , rows, length] = operands;
      if (rows * length < team.leastWork) return wasm.layerNormBackward(...operands);
      // a block of rows adds two rows to the sums, and parts begin with blocks
      const moves = [0, 1, 4].map((i) => [i, 4 * length] as const);
      const sums = [5, (8 * length) / NORM_BLOCK] as const;
      const work = rows * length * 3 * FAST_ELEMENT;
      const cut = { units: rows, grain: NORM_BLOCK, count: 6, moves: [...moves, [3, 8] as const, sums], work };
      team.call('layerNormBackward', operands, cut);
    },
    crossEntropy(...operands) {
      const [, , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.crossEntropy(...operands);
      else team.call('crossEntropy', operands, cut(rows, length, 3, [0], [1, 2], SLOW_ELEMENT));
    },
    crossEntropyBackward(...operands) {
      const [, , , , rows, length] = operands;
      if (rows * length < team.leastWork) wasm.crossEntropyBackward(...operands);
      else team.call('crossEntropyBackward', operands, cut(rows, length, 4, [1, 3], [0, 2], SLOW_ELEMENT));
    },
  };
}

function byChannel(wasm: KernelExports, team: Team): Some {
  return {
    moments(...operands) {
      const [, , , outer, channels, inner] = operands;
      const size = outer * channels * inner;
      if (size < team.leastWork) {
        wasm.moments(...operands);
        return;
      }
      const moves: Cut['moves'] = [
        [0, 4 * inner],
        [1, 8],
        [2, 8],
      ];
      team.call('moments', operands, { units: channels, grain: 1, count: 4, moves, work: size * FAST_ELEMENT });
    },
    channelSums(...operands) {
      const [, , , , , outer, channels, inner] = operands;
      const size = outer * channels * inner;
      if (size < team.leastWork) {
        wasm.channelSums(...operands);
        return;
      }
      const moves: Cut['moves'] = [
        [0, 4 * inner],
        [1, 4 * inner],
        [2, 8],
        [3, 8],
        [4, 8],
      ];
      team.call('channelSums', operands, { units: channels, grain: 1, count: 6, moves, work: size * FAST_ELEMENT });
    },
    scaleShift(...operands) {
      const [, , , outer, channels, inner] = operands;
      const sample = channels * inner;
      if (outer * sample < team.leastWork) {
        wasm.scaleShift(...operands);
        return;
      }
      const moves: Cut['moves'] = [
        [0, 4 * sample],
        [2, 4 * sample],
      ];
      const work = outer * sample * FAST_ELEMENT;
      team.call('scaleShift', operands, { units: outer, grain: 1, count: 3, moves, work });
    },
    combine(...operands) {
      const [, , , , outer, channels, inner] = operands;
      const sample = channels * inner;
      if (outer * sample < team.leastWork) {
        wasm.combine(...operands);
        return;
      }
      const moves: Cut['moves'] = [
        [0, 4 * sample],
        [1, 4 * sample],
        [3, 4 * sample],
      ];
      const work = outer * sample * FAST_ELEMENT;
      team.call('combine', operands, { units: outer, grain: 1, count: 4, moves, work });
    },
    maxPool(...operands) {
      const [, , , planes, height, width, rows, columns, kernelY, kernelX] = operands;
      const taps = planes * rows * columns * kernelY * kernelX;
      if (taps < team.leastWork) {
        wasm.maxPool(...operands);
        return;
      }
      const [plane, result] = [4 * height * width, 4 * rows * columns];
      const moves: Cut['moves'] = [
        [0, plane],
        [1, result],
        [2, result],
      ];
      team.call('maxPool', operands, { units: planes, grain: 1, count: 3, moves, work: taps });
    },
  };
}

/** Words of a geometry, see assembly/planes.ts. */
const CHANNELS = 0;
const FILTERS = 3;
const BATCH = 14;
const GROUPS = 15;

function convolutions(wasm: KernelExports, team: Team, words: Int32Array): Some {
  const read = (geometry: number) => {
    const [channels, height, width, filters, kernelY, kernelX, rows, columns] = words.subarray(
      geometry / 4,
      geometry / 4 + 8,
    );
    const [batch, groups, , imageStride, outStride, filterStride] = words.subarray(
      geometry / 4 + BATCH,
      geometry / 4 + 20,
    );
    const kernel = kernelY * kernelX;
    const work = batch * groups * filters * channels * kernel * rows * columns * MULTIPLICATION;
    const strides = { imageStride, outStride, filterStride };
    return { channels, filters, batch, groups, kernel, image: height * width, out: rows * columns, work, ...strides };
  };
  type Sizes = ReturnType<typeof read>;
  /** Elements that operands move on by for each unit; those that aren't there (address 0) stay. */
  const by = (
    operands: readonly number[],
    sizes: Sizes,
    [word, units, grain]: readonly [word: number, units: number, grain: number],
    elements: readonly (readonly [operand: number, elements: number])[],
  ): Cut => ({
    units,
    grain,
    count: { operand: 0, bytes: CONVOLUTION_BYTES, word },
    moves: elements.flatMap(([i, count]) => (operands[i] === 0 ? [] : [[i, 4 * count] as const])),
    scratch: { operand: operands.length - 1, bytes: wasm.convolutionScratch(operands[0]) },
    work: sizes.work,
  });
  const several = ({ batch }: Sizes): boolean => batch >= team.threads;
  return {
    // each thread needs some
    convolutionScratch: (geometry) => wasm.convolutionScratch(geometry) * team.threads,
    conv2d(...operands) {
      const sizes = read(operands[0]);
      const { batch, filters, groups, channels, kernel, out, imageStride, outStride } = sizes;
      const cut = several(sizes)
        ? by(
            operands,
            sizes,
            [BATCH, batch, 1],
            [
              [1, imageStride],
              [4, outStride],
            ],
          )
        : by(
            operands,
            sizes,
            [FILTERS, groups === 1 ? filters : 1, 4],
            [
              [2, channels * kernel],
              [3, 1],
              [4, out],
            ],
          );
      team.call('conv2d', operands, cut);
    },
    conv2dInput(...operands) {
      const sizes = read(operands[0]);
      const { batch, groups, channels, kernel, image, imageStride, outStride } = sizes;
      const cut = several(sizes)
        ? by(
            operands,
            sizes,
            [BATCH, batch, 1],
            [
              [1, outStride],
              [3, imageStride],
            ],
          )
        : by(
            operands,
            sizes,
            [CHANNELS, groups === 1 ? channels : 1, 4],
            [
              [2, kernel],
              [3, image],
            ],
          );
      team.call('conv2dInput', operands, cut);
    },
    conv2dWeight(...operands) {
      // The batch is summed over, so the parts are of the weight.
      const sizes = read(operands[0]);
      const { filters, groups, channels, kernel, image, out, filterStride } = sizes;
      const group = [
        [1, filters * out],
        [2, channels * image],
        [3, filters * filterStride],
      ] as const;
      const cut =
        groups > 1
          ? by(operands, sizes, [GROUPS, groups, 1], group)
          : channels >= filters || channels >= 2 * team.threads
            ? by(
                operands,
                sizes,
                [CHANNELS, channels, 1],
                [
                  [2, image],
                  [3, kernel],
                ],
              )
            : by(
                operands,
                sizes,
                [FILTERS, filters, 4],
                [
                  [1, out],
                  [3, filterStride],
                ],
              );
      team.call('conv2dWeight', operands, cut);
    },
  };
}

/** Words of a geometry, see assembly/attention.ts: the batches, and the strides from one to the next. */
const BATCHES = 0;
const [Q, K, V, MASK, OUT, SUMS, DQ, DK, DV] = [9, 12, 15, 18, 21, 24, 27, 30, 33];

function attentions(wasm: KernelExports, team: Team, words: Int32Array): Some {
  /** `strides`: of each operand behind the geometry, the word that says how far it is to the next batch. */
  const cut = (operands: readonly number[], strides: readonly number[], scratch: number, products: number): Cut => {
    const [geometry] = operands;
    const word = (i: number) => words[geometry / 4 + i];
    const [batches, heads, queries, keys, width, valueWidth] = [0, 1, 2, 3, 4, 5].map(word);
    const multiplications = batches * heads * queries * keys * products * (width + valueWidth);
    return {
      units: batches,
      grain: 1,
      count: { operand: 0, bytes: ATTENTION_BYTES, word: BATCHES },
      moves: strides.flatMap((at, i) => (operands[i + 1] === 0 ? [] : [[i + 1, 4 * word(at)] as const])),
      scratch: { operand: operands.length - 1, bytes: scratch },
      work: multiplications * MULTIPLICATION + batches * heads * queries * keys * SLOW_ELEMENT,
    };
  };
  return {
    // each thread needs some
    attentionScratch: (geometry) => wasm.attentionScratch(geometry) * team.threads,
    attentionBackwardScratch: (geometry) => wasm.attentionBackwardScratch(geometry) * team.threads,
    attention(...operands) {
      const scratch = wasm.attentionScratch(operands[0]);
      team.call('attention', operands, cut(operands, [Q, K, V, MASK, OUT, SUMS], scratch, 1));
    },
    attentionBackward(...operands) {
      const scratch = wasm.attentionBackwardScratch(operands[0]);
      const strides = [OUT, Q, K, V, MASK, OUT, SUMS, DQ, DK, DV];
      team.call('attentionBackward', operands, cut(operands, strides, scratch, 2.5));
    },
  };
}

function updates(wasm: KernelExports, team: Team): Some {
  return {
    sgd(...operands) {
      const n = operands[2];
      if (n < team.leastWork) wasm.sgd(...operands);
      else team.call('sgd', operands, flat(n, 2, [0, 1], FAST_ELEMENT));
    },
    sgdMomentum(...operands) {
      const n = operands[3];
      if (n < team.leastWork) wasm.sgdMomentum(...operands);
      else team.call('sgdMomentum', whole(operands), flat(n, 3, [0, 1, 2], 2 * FAST_ELEMENT));
    },
    adam(...operands) {
      const [, , , , top, n] = operands;
      if (n < team.leastWork) wasm.adam(...operands);
      else team.call('adam', operands, flat(n, 5, top === 0 ? [0, 1, 2, 3] : [0, 1, 2, 3, 4], 4 * FAST_ELEMENT));
    },
  };
}
