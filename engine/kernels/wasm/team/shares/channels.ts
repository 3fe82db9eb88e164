import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, type Some, shared } from './work.ts';

/** By units of one thing each: channels, samples, planes. `moves`: operands, and the bytes that they move on by. */
const by = (units: number, count: number, work: number, moves: Cut['moves']): Cut => ({
  units,
  grain: 1,
  count,
  moves,
  work,
});

/** What normalization needs of each channel, by channels or samples, and pooling, by planes. */
export function byChannel(wasm: KernelExports, team: Team): Some {
  return {
    moments: shared(
      team,
      'moments',
      wasm.moments,
      ([, , , outer, channels, inner]) => outer * channels * inner,
      ([, , , outer, channels, inner]) =>
        by(channels, 4, outer * channels * inner * FAST_ELEMENT, [
          [0, 4 * inner],
          [1, 8],
          [2, 8],
        ]),
    ),
    channelSums: shared(
      team,
      'channelSums',
      wasm.channelSums,
      ([, , , , , outer, channels, inner]) => outer * channels * inner,
      ([, , , , , outer, channels, inner]) =>
        by(channels, 6, outer * channels * inner * FAST_ELEMENT, [
          [0, 4 * inner],
          [1, 4 * inner],
          [2, 8],
          [3, 8],
          [4, 8],
        ]),
    ),
    scaleShift: shared(
      team,
      'scaleShift',
      wasm.scaleShift,
      ([, , , outer, channels, inner]) => outer * channels * inner,
      ([, , , outer, channels, inner]) =>
        by(outer, 3, outer * channels * inner * FAST_ELEMENT, [
          [0, 4 * channels * inner],
          [2, 4 * channels * inner],
        ]),
    ),
    combine: shared(
      team,
      'combine',
      wasm.combine,
      ([, , , , outer, channels, inner]) => outer * channels * inner,
      ([, , , , outer, channels, inner]) =>
        by(outer, 4, outer * channels * inner * FAST_ELEMENT, [
          [0, 4 * channels * inner],
          [1, 4 * channels * inner],
          [3, 4 * channels * inner],
        ]),
    ),
    maxPool: shared(
      team,
      'maxPool',
      wasm.maxPool,
      ([, , , planes, , , rows, columns, kernelY, kernelX]) => planes * rows * columns * kernelY * kernelX,
      ([, , , planes, height, width, rows, columns, kernelY, kernelX]) =>
        by(planes, 3, planes * rows * columns * kernelY * kernelX, [
          [0, 4 * height * width],
          [1, 4 * rows * columns],
          [2, 4 * rows * columns],
        ]),
    ),
  };
}
