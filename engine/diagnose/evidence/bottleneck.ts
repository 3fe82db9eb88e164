import type { ParameterFrame } from '../../run/frame.ts';
import type { Run } from '../../run/run.ts';
import { rootOf } from '../about.ts';

/** What comes before and behind is wider than this. */
const WIDE = 2;
/** Layers that apply weights to what comes in. */
const APPLIES = /^(?:Linear|Conv\dd|RNN|GRU|LSTM)/;

/** The weights of a layer of one unit through which all passes: a matrix [1, n], or what is recurrent with a state of one, before a matrix [m, 1] of the next layer. */
export function bottleneckOf(run: Run): ParameterFrame | undefined {
  const weights = run.parameters.filter(
    ({ shape, layer }) => shape.length > 1 && layer !== null && APPLIES.test(run.layers[layer].type),
  );
  const ofOne = weights.filter((other) => other.shape[1] === 1 && isOfState(run, other)).map(({ layer }) => layer);
  return weights.find(({ shape: [out, into], layer }, i) => {
    if (!(into > WIDE && (out === 1 || ofOne.includes(layer)))) return false;
    const behind = weights.slice(i + 1).find((other) => other.layer !== layer);
    if (!behind || rootOf(run, behind.layer as number) !== rootOf(run, layer as number)) return false;
    const { shape: next } = behind;
    return next.length === 2 && next[1] === 1 && next[0] > WIDE;
  });
}

const isOfState = (run: Run, { layer, name }: ParameterFrame): boolean =>
  /^(?:RNN|GRU|LSTM)/.test(run.layers[layer as number].type) && /weight_?hh/i.test(name);
