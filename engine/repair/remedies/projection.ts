import type { Layer } from '../source/model.ts';
import type { Source } from '../source/source.ts';

/** Height and width stay as they are, and so does the number of channels. */
export function keepsShape({ source, call, type, inSize, outSize }: Layer): boolean {
  return (
    inSize !== '' && inSize === outSize && (type === 'Linear' || (strideOf(call) === '1' && paddingFits(source, call)))
  );
}

const strideOf = ({ named, positional }: Layer['call']) => (named.get('stride') ?? positional[3])?.text ?? '1';

function paddingFits(_source: Source, { named, positional }: Layer['call']): boolean {
  const kernel = Number((named.get('kernelSize') ?? positional[2])?.text);
  const given = (named.get('padding') ?? positional[4])?.text ?? '0';
  if (named.has('dilation')) return false;
  return /^["']same["']$/.test(given) || kernel === 2 * Number(given) + 1;
}

/** A linear map of the shape before to the shape behind; null where it can't be told from the text. */
export function projectionOf({ source, call, type, inSize, outSize }: Layer, nn: string): string | null {
  const { dialect } = source;
  if (!inSize || !outSize) return null;
  const no = source.isPython ? 'False' : 'false';
  if (type === 'Linear') return dialect.make(`${nn}.Linear`, [inSize, outSize], [['bias', no]]);
  if (!paddingFits(source, call)) return null;
  const stride = strideOf(call);
  const strided = stride === '1' ? [] : [['stride', stride] as const];
  return dialect.make(`${nn}.${type}`, [inSize, outSize, '1'], [...strided, ['bias', no]]);
}
