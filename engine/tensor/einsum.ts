import { ArgumentError, ShapeError, showShape } from './errors.ts';
import { resolveDims, sizeOf } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** A tensor whose dimensions have names. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/** One label per dimension; the dimensions of an ellipsis are labelled from the right: …1, …0. */
function labelsOf(term: string, rank: number): string[] {
  const [before, after] = term.split('...');
  const hidden = after === undefined ? 0 : rank - before.length - after.length;
  if (hidden < 0 || (after === undefined && before.length !== rank)) {
    throw new ShapeError(
      `einsum: "${term}" names ${term.replace('...', '').length} dimensions, the tensor has ${rank}.`,
    );
  }
  const ellipsis = Array.from({ length: hidden }, (_, i) => `…${hidden - 1 - i}`);
  return [...before, ...ellipsis, ...(after ?? '')];
}

/** A label that stands twice in one operand means the diagonal. */
function diagonals({ tensor, labels }: Labelled): Labelled {
  const repeated = labels.find((label, i) => labels.indexOf(label) !== i);
  if (repeated === undefined) return { tensor, labels };
  const [dim1, dim2] = [labels.indexOf(repeated), labels.lastIndexOf(repeated)];
  const rest = labels.filter((_, i) => i !== dim1 && i !== dim2);
  return diagonals({ tensor: tensor.diagonal({ dim1, dim2 }), labels: [...rest, repeated] });
}

function sumOver({ tensor, labels }: Labelled, gone: (label: string) => boolean): Labelled {
  const dims = [...labels.keys()].filter((d) => gone(labels[d]));
  return dims.length === 0 ? { tensor, labels } : { tensor: tensor.sum(dims), labels: labels.filter((l) => !gone(l)) };
}

const arrange = ({ tensor, labels }: Labelled, order: readonly string[]): Tensor =>
  tensor.permute(order.map((label) => labels.indexOf(label)));

/** The product of two, summed over the labels that nobody needs afterwards: one batched matrix product. */
function contract(left: Labelled, right: Labelled, needed: ReadonlySet<string>): Labelled {
  const a = sumOver(left, (label) => !right.labels.includes(label) && !needed.has(label));
  const b = sumOver(right, (label) => !left.labels.includes(label) && !needed.has(label));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const [batch, summed] = [shared.filter((l) => needed.has(l)), shared.filter((l) => !needed.has(l))];
  const [rows, columns] = [a, b].map(({ labels }) => labels.filter((l) => !shared.includes(l)));
  const size = (label: string): number => {
    const sizes = [a, b].flatMap(({ tensor, labels }) =>
      labels.includes(label) ? [tensor.shape[labels.indexOf(label)]] : [],
    );
    const size = Math.max(...sizes);
    if (sizes.some((n) => n !== size && n !== 1)) {
      throw new ShapeError(`einsum: the dimension ${label} has ${sizes.join(' and ')} elements; they must be equal.`);
    }
    return size;
  };
  const grown = (x: Labelled, order: readonly string[]) => arrange(x, order).expand(order.map(size));
  const flat = (labels: readonly string[]) => sizeOf(labels.map(size));
  const x = grown(a, [...batch, ...rows, ...summed]).reshape([flat(batch), flat(rows), flat(summed)]);
  const y = grown(b, [...batch, ...summed, ...columns]).reshape([flat(batch), flat(summed), flat(columns)]);
  const labels = [...batch, ...rows, ...columns];
  return { tensor: x.matmul(y).reshape(labels.map(size)), labels };
}

/**
 * Sums of products by Einstein's convention: `einsum('bij,bjk->bik', a, b)`. A label that isn't in the result is summed over; a
 * repeated one in an operand means its diagonal; `...` stands for dimensions that broadcast. Without `->` the result has the
 * labels that occur once, in alphabetical order.
 * @throws ArgumentError, ShapeError if the equation doesn't fit the operands.
 */
export function einsum(equation: string, ...given: readonly Tensor[] | readonly [readonly Tensor[]]): Tensor {
  const operands = (Array.isArray(given[0]) ? given[0] : given) as readonly Tensor[];
  const [inputs, result] = equation.replaceAll(' ', '').split('->');
  const terms = inputs.split(',');
  if (terms.length !== operands.length || terms.some((term) => !/^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(term))) {
    throw new ArgumentError(`einsum: "${equation}" doesn't describe ${operands.length} operand(s), as in "ij,jk->ik".`);
  }
  const labelled = operands.map((tensor, i) => diagonals({ tensor, labels: labelsOf(terms[i], tensor.shape.length) }));
  const all = labelled.flatMap(({ labels }) => [...labels]);
  const ellipsis = [...new Set(all.filter((l) => l.startsWith('…')))].sort(
    (a, b) => Number(b.slice(1)) - Number(a.slice(1)),
  );
  const once = (label: string) => terms.join('').split(label).length === 2;
  const implicit = [...new Set(all)].filter((l) => !l.startsWith('…') && once(l)).sort();
  const output =
    result === undefined
      ? [...ellipsis, ...implicit]
      : result.includes('...')
        ? [...result.split('...')[0], ...ellipsis, ...result.split('...')[1]]
        : [...result];
  const unknown = output.find((label) => !all.includes(label));
  if (unknown !== undefined) throw new ArgumentError(`einsum: ${unknown} in "${equation}" is in no operand.`);
  let total = labelled[0];
  labelled.slice(1).forEach((next, i) => {
    const later = labelled.slice(i + 2).flatMap(({ labels }) => [...labels]);
    total = contract(total, next, new Set([...output, ...later]));
  });
  return arrange(
    sumOver(total, (label) => !output.includes(label)),
    output,
  );
}

/** Sums products over the last `dims` dimensions of a and the first of b, or over those named in two lists. */
export function tensordot(
  a: Tensor,
  b: Tensor,
  dims: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor {
  const [left, right] =
    typeof dims === 'number'
      ? [Array.from({ length: dims }, (_, i) => a.shape.length - dims + i), Array.from({ length: dims }, (_, i) => i)]
      : dims.map((list, i) => list.map((d) => resolveDims('tensordot', d, [a, b][i].shape.length)[0]));
  if (left.length !== right.length || left.some((d, i) => a.shape[d] !== b.shape[right[i]])) {
    throw new ShapeError(
      `tensordot: dimensions ${showShape(left)} of ${showShape(a.shape)} don't fit ${showShape(right)} of ${showShape(b.shape)}.`,
    );
  }
  const rows = [...a.shape.keys()].filter((d) => !left.includes(d));
  const columns = [...b.shape.keys()].filter((d) => !right.includes(d));
  const summed = sizeOf(left.map((d) => a.shape[d]));
  const x = a.permute([...rows, ...left]).reshape([-1, summed]);
  const y = b.permute([...right, ...columns]).reshape([summed, -1]);
  return x.matmul(y).reshape([...rows.map((d) => a.shape[d]), ...columns.map((d) => b.shape[d])]);
}
