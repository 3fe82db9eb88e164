import { GEOMETRY_BYTES } from '../../convolution.ts';
import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { MULTIPLICATION, type Some } from './work.ts';

/** Words of a geometry, see assembly/convolution/planes.ts. */
const CHANNELS = 0;
const FILTERS = 3;
const BATCH = 14;
const GROUPS = 15;

/** With fewer positions than this, what each part makes of the weight anew takes a good share of its time. */
const MANY_POSITIONS = 8192;

/** By images, or where there are few, by filters or channels. @param words The memory that geometries lie in, as int32. */
export function convolutions(wasm: KernelExports, team: Team, words: Int32Array): Some {
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
    count: { operand: 0, bytes: GEOMETRY_BYTES, word },
    moves: elements.flatMap(([i, count]) => (operands[i] === 0 ? [] : [[i, 4 * count] as const])),
    scratch: { operand: operands.length - 1, bytes: wasm.convolutionScratch(operands[0]) },
    repeats: sizes.batch * sizes.out < MANY_POSITIONS,
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
                [CHANNELS, channels, 4],
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
      // each part turns y into panels anew
      team.call('conv2dWeight', operands, { ...cut, repeats: true });
    },
  };
}
