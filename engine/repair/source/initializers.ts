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
  /** Those of normalizations may be among them: vectors, whose fan isn't defined, and which begin at 1. */
  readonly vectors: boolean;
}

const INITIALIZERS =
  /^(?:uniform_|normal_|constant_|zeros_|ones_|xavierUniform_|xavierNormal_|kaimingUniform_|kaimingNormal_|truncNormal_|sparse_|orthogonal_|eye_)$/;

export const initializersIn = (source: Source): Initializer[] =>
  source.calls.flatMap((call): Initializer[] => {
    const { name, receiver, positional } = call;
    if (!INITIALIZERS.test(name) || !/\binit$/.test(receiver?.text ?? '') || !positional[0]) return [];
    if (/bias\w*$/.test(positional[0].text)) return [{ source, call, of: 'biases', vectors: false }];
    const chosen = chosenBy(source, call);
    if (chosen === null) return [{ source, call, of: 'weights', vectors: false }];
    const normalized = source.calls.some(isNormalization);
    const { of, byDimension } = chosenFrom(chosen);
    // a name tells biases from what normalizations have, a dimension doesn't
    const vectors = of === 'every' || (normalized && (of === 'biases') === byDimension);
    return [{ source, call, of, vectors }];
  });

interface Chosen {
  readonly of: Initializer['of'];
  /** By how many dimensions a parameter has, not by its name. */
  readonly byDimension: boolean;
}

/** `p.dim() > 1`, `p.ndim == 1`, `p.shape.length === 1`, `len(p.shape) < 2`. */
const DIMENSIONS =
  /(?:\bn?dims?(?:ension)?\b(?:\(\))?|\b(?:shape|size\(\))\.length|\blen\([\w.]+\.(?:shape|size\(\))\))\s*([<>=!]=*)\s*(\d)/g;
/** A condition that tells nothing. */
const BOTH = /weight\W*bias|bias\W*weight/gi;
/** What stands behind it is for what a condition isn't true of. */
const OTHERWISE = /\belse\b(?!\s*if\b)|\bcontinue\b|\?[^:?.][^:]*:/;

/** What a condition between a loop over parameters and a call leaves to it; of several, the last one tells. */
export function chosenFrom(between: string): Chosen {
  const text = between.replace(BOTH, '');
  const conditions = [
    ...[...text.matchAll(DIMENSIONS)].map((match) => {
      const [all, sign, number] = match;
      return { end: match.index + all.length, vectors: areVectors(sign, number), byDimension: true };
    }),
    ...[...text.matchAll(/weight|bias/gi)].map(({ 0: word, index }) => {
      const end = index + word.length;
      const [before = ''] = text
        .slice(0, index)
        .split(/[&|:;{}]|\b(?:and|or|if)\b/)
        .slice(-1);
      const isNot = /!|\bnot\b/.test(before) || /^[\w"'\s]*\bnot\s+in\b/.test(text.slice(end));
      return { end, vectors: /bias/i.test(word) !== isNot, byDimension: false };
    }),
  ];
  const last = conditions.sort((a, b) => a.end - b.end).at(-1);
  if (!last) return { of: 'every', byDimension: false };
  const vectors = last.vectors !== OTHERWISE.test(text.slice(last.end));
  return { of: vectors ? 'biases' : 'weights', byDimension: last.byDimension };
}

/** Whether it's true of parameters of one dimension: `== 1`, `< 2`, `<= 1`. */
const areVectors = (sign: string, number: string): boolean =>
  sign.startsWith('=') ? number === '1' : sign.startsWith('<');

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
