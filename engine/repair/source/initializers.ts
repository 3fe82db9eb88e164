import type { Node } from '../../source/parser.ts';
import { isNormalization } from './activation.ts';
import type { Call } from './dialect.ts';
import { type Source, within } from './source.ts';

/** A call of `nn.init`, and what of a model it is given. */
export interface Initializer {
  readonly source: Source;
  readonly call: Call;
  /** `every`: what a loop over all parameters gives it, biases too. */
  readonly of: 'weights' | 'biases' | 'every';
  /** Vectors may be among the weights: those of normalizations, whose fan isn't defined. */
  readonly vectors: boolean;
}

const INITIALIZERS =
  /^(?:uniform_|normal_|constant_|zeros_|ones_|xavierUniform_|xavierNormal_|kaimingUniform_|kaimingNormal_|truncNormal_|sparse_|orthogonal_|eye_)$/;

export const initializersIn = (source: Source): Initializer[] =>
  source.calls.flatMap((call): Initializer[] => {
    const { name, receiver, positional } = call;
    if (!INITIALIZERS.test(name) || !/\binit$/.test(receiver?.text ?? '') || !positional[0]) return [];
    if (/bias\w*$/.test(positional[0].text)) return [{ source, call, of: 'biases', vectors: true }];
    const chosen = chosenBy(source, call);
    if (chosen === null) return [{ source, call, of: 'weights', vectors: false }];
    const dimensions = /\bn?dim\b|shape/.test(chosen);
    const apart = dimensions && /\belse\b|\?/.test(chosen);
    if (apart || (/bias/i.test(chosen) && !/weight/i.test(chosen)))
      return [{ source, call, of: 'biases', vectors: true }];
    const normalized = source.calls.some(isNormalization);
    const of = dimensions || /weight/i.test(chosen) ? 'weights' : 'every';
    return [{ source, call, of, vectors: !dimensions && (of === 'every' || normalized) }];
  });

/** What stands between a call and the loop over parameters that gives it its argument; null where there's no such loop. */
function chosenBy(source: Source, { node, positional }: Call): string | null {
  const argument = positional[0].text;
  for (let loop: Node | null = node; loop; loop = source.around(loop, source.dialect.loops)) {
    const [left, right] = [loop.childForFieldName('left'), loop.childForFieldName('right')];
    if (!left || !right || !/(?:^|\.|d_)(?:p|namedP)arameters\(/.test(right.text) || !within(node, loop)) continue;
    if (new RegExp(`\\b${argument.replace(/[^\w]/g, '\\$&')}\\b`).test(left.text))
      return source.text.slice(right.endIndex, node.startIndex);
  }
  return null;
}
