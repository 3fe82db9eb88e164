import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { FAST_ELEMENT, type Some } from './work.ts';

/** What normalization needs of each channel, by channels or samples, and pooling, by planes. */
export function byChannel(wasm: KernelExports, team: Team): Some {
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
