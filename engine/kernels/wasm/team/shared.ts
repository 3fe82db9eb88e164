import type { KernelExports } from '../exports.ts';
import { attentions } from './shares/attention.ts';
import { byChannel } from './shares/channels.ts';
import { convolutions } from './shares/convolutions.ts';
import { elementwise } from './shares/elementwise.ts';
import { nested } from './shares/nested.ts';
import { layers } from './shares/products.ts';
import { alongRows } from './shares/rows.ts';
import { updates } from './shares/updates.ts';
import type { Team } from './team.ts';

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
