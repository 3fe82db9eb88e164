import type { AttentionShape, Heads } from '../reference/attention.ts';
import { reference } from '../reference/reference.ts';
import type { Access } from './access.ts';
import type { Address } from './exports.ts';
import { sample, type Trial } from './firstUse.ts';

type Attention = Pick<typeof reference, 'attention' | 'attentionBackward'>;

/** Words of a geometry, see assembly/attention/attention.ts: nine of the shape, three for each of nine operands, and a stride of the mask. */
const WORDS = 37;
export const GEOMETRY_BYTES = 4 * WORDS;
const SCALE = 8;
const STRIDES = 9;
const MASK_STEP = 36;

const one: Pick<Heads, 'batch' | 'head' | 'row'> = { batch: 0, head: 0, row: 0 };

/**
 * Attention on operands in the heap whose rows are contiguous; others go to the reference. A lone batch changes places with
 * the heads: threads share out batches.
 */
export function wasmAttention({ wasm, heap, memory, free }: Access, wide: boolean): Attention {
  const words = new Int32Array(memory.buffer, free, WORDS);

  function describe(shape: AttentionShape, operands: readonly (Pick<Heads, 'batch' | 'head' | 'row'> | null)[]): void {
    const { batches, heads, queries, keys, width, valueWidth, scale, causal } = shape;
    const swapped = batches === 1;
    words.set(swapped ? [heads, batches] : [batches, heads]);
    words.set([queries, keys, width, valueWidth, Number(causal), Number(wide)], 2);
    memory[free / 4 + SCALE] = scale;
    for (const [i, operand] of operands.entries()) {
      const { batch, head, row } = operand ?? one;
      words.set(swapped ? [head, batch, row] : [batch, head, row], STRIDES + 3 * i);
    }
  }

  const reachable = (shape: AttentionShape, operands: readonly (Heads | null)[]): boolean =>
    shape.batches * shape.heads * shape.queries * shape.keys * shape.width * shape.valueWidth > 0 &&
    operands.every((x) => x === null || (x.column === 1 && single(x)));
  const single = ({ data }: Heads): boolean => data instanceof Float32Array && heap.holds(data);
  const address = (x: Heads | null): Address => (x === null ? 0 : x.data.byteOffset + 4 * x.start);

  /** Runs `body` with scratch memory. @returns False if there is none. */
  function withScratch(bytes: number, body: (scratch: Address) => void): boolean {
    const scratch = heap.allocate('float32', bytes / 4, true);
    const there = heap.holds(scratch);
    if (there) body(scratch.byteOffset);
    heap.release(scratch);
    return there;
  }

  /** A row of `sums` for each head. */
  const sumsOf = ({ heads, queries }: AttentionShape) => ({ batch: heads * queries, head: queries, row: 0 });

  return {
    attention(shape, q, k, v, mask, out, sums) {
      if (reachable(shape, [q, k, v, mask, out]) && sums instanceof Float32Array && heap.holds(sums)) {
        describe(shape, [q, k, v, mask, out, sumsOf(shape)]);
        const [a, b, c, m, to] = [q, k, v, mask, out].map(address);
        const run = (scratch: Address) => wasm.attention(free, a, b, c, m, to, sums.byteOffset, scratch);
        if (withScratch(wasm.attentionScratch(free), run)) return;
      }
      reference.attention(shape, q, k, v, mask, out, sums);
    },
    attentionBackward(shape, g, q, k, v, mask, out, sums, dq, dk, dv) {
      // of the mask, columns are read
      const turned = mask && { ...mask, row: mask.column, column: 1 };
      const all = [g, q, k, v, out, dq, dk, dv];
      const along = mask === null || mask.row <= 1;
      if (along && reachable(shape, [...all, turned]) && sums instanceof Float32Array && heap.holds(sums)) {
        describe(shape, [q, k, v, turned, out, sumsOf(shape), dq, dk, dv]);
        words[MASK_STEP] = mask?.row ?? 0;
        const [a, b, c, d, o, e, f, h, m] = [...all, turned].map(address);
        const run = (scratch: Address) =>
          wasm.attentionBackward(free, a, b, c, d, m, o, sums.byteOffset, e, f, h, scratch);
        if (withScratch(wasm.attentionBackwardScratch(free), run)) return;
      }
      reference.attentionBackward(shape, g, q, k, v, mask, out, sums, dq, dk, dv);
    },
  };
}

/** Two heads of 21 positions, 5 wide: whole tiles and rests. */
const trialShape: AttentionShape = {
  batches: 1,
  heads: 2,
  queries: 21,
  keys: 21,
  width: 5,
  valueWidth: 5,
  scale: 0.5,
  causal: true,
};
const SIZE = 2 * 21 * 5;

const attentionTrial: Trial<Attention['attention']> = (attention, heap) => {
  const heads = (): Heads => ({ data: sample(heap, SIZE), start: 0, batch: 0, head: 5, row: 10, column: 1 });
  const out = heads();
  attention(trialShape, heads(), heads(), heads(), null, out, sample(heap, 42));
  return out.data;
};

const backwardTrial: Trial<Attention['attentionBackward']> = (rule, heap) => {
  const data = sample(heap, 3 * SIZE);
  const heads = (i = 0): Heads => ({ data, start: i * SIZE, batch: 0, head: 5, row: 10, column: 1 });
  const [input, out] = [0, 1].map(() => ({ ...heads(), data: sample(heap, SIZE) }));
  const sums = sample(heap, 42);
  reference.attention(trialShape, input, input, input, null, out, sums);
  rule(trialShape, input, input, input, input, null, out, sums, heads(0), heads(1), heads(2));
  return data;
};

export const attentionTrials = { attention: attentionTrial, attentionBackward: backwardTrial };
