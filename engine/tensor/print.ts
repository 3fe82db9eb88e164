import { isFloating } from './dtype.ts';
import { elements } from './elements.ts';
import { sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

const edge = 3;
const summarizeAbove = 1000;

/** One formatter for all elements, so that columns align: integers as such, else 4 decimals or exponents. */
function formatter(tensor: Tensor): (value: number) => string {
  if (tensor.dtype === 'bool') return (v) => (v !== 0 ? 'true' : 'false');
  if (!isFloating(tensor.dtype)) return String;
  const finite = Array.from(elements(tensor)).filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((v) => v > 0);
  const [low, high] = [Math.min(...sizes.slice(0, 1e4)), Math.max(...sizes.slice(0, 1e4))];
  if (finite.every(Number.isInteger) && !(high >= 1e8)) return (v) => (Number.isFinite(v) ? `${v}.` : showSpecial(v));
  const scientific = high >= 1e8 || low < 1e-4 || high / low > 1e3;
  return (v) => (Number.isFinite(v) ? (scientific ? v.toExponential(4) : v.toFixed(4)) : showSpecial(v));
}

const showSpecial = (v: number): string => (Number.isNaN(v) ? 'nan' : v > 0 ? 'inf' : '-inf');

/** `tensor([[1., 2.], [3., 4.]])`, long dimensions shortened, with what isn't the default after it. */
export function show(tensor: Tensor): string {
  const data = elements(tensor);
  const format = formatter(tensor);
  const summarize = data.length > summarizeAbove;
  const shown = (size: number): (number | null)[] =>
    summarize && size > 2 * edge
      ? [0, 1, 2, null, size - 3, size - 2, size - 1]
      : Array.from({ length: size }, (_, i) => i);
  const cells: string[] = [];
  const visit = (d: number, start: number, use: (cell: string) => string): string => {
    if (d === tensor.shape.length) return use(format(data[start]));
    const step = sizeOf(tensor.shape.slice(d + 1));
    const parts = shown(tensor.shape[d]).map((i) => (i === null ? '...' : visit(d + 1, start + i * step, use)));
    const last = d === tensor.shape.length - 1;
    const gap = '\n'.repeat(tensor.shape.length - 1 - d) + ' '.repeat('tensor('.length + d + 1);
    return `[${parts.join(last ? ', ' : `,${gap}`)}]`;
  };
  visit(0, 0, (cell) => cells[cells.push(cell) - 1]);
  const width = Math.max(0, ...cells.map((cell) => cell.length));
  const body = visit(0, 0, (cell) => cell.padStart(width));
  const notes = [
    tensor.dtype === 'float32' ? '' : `, dtype=${tensor.dtype}`,
    tensor.node !== null ? `, from=${tensor.node.operation}` : tensor.requiresGrad ? ', requiresGrad=true' : '',
  ];
  return `tensor(${body}${notes.join('')})`;
}
