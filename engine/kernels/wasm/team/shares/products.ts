import type { KernelExports } from '../../exports.ts';
import type { Cut, Team } from '../team.ts';
import { MULTIPLICATION, type Some, shared } from './work.ts';

/** A product by columns or by rows of the result, whichever copies less of an operand once more for each part. */
function products(wasm: KernelExports, team: Team): Pick<KernelExports, 'matmul' | 'matmulWide'> {
  const product = (name: 'matmul' | 'matmulWide'): KernelExports['matmul'] =>
    shared(
      team,
      name,
      wasm[name],
      // sharing one out is thought about from two parts on
      ([, , , , , , , , m, k, n]) => (m * k * n * MULTIPLICATION) / 2,
      ([, aRow, aColumn, , , bColumn, , outRow, m, k, n]) => {
        const work = m * k * n * MULTIPLICATION;
        const byColumns = n >= 64 && (m < 64 || aColumn === 1 || m <= n);
        const columns: Cut['moves'] = [
          [3, 4 * bColumn],
          [6, 4],
        ];
        const rows: Cut['moves'] = [
          [0, 4 * aRow],
          [6, 4 * outRow],
        ];
        return byColumns
          ? { units: n, grain: 16, count: 10, work, moves: columns }
          : { units: m, grain: 12, count: 8, work, moves: rows };
      },
    );
  return { matmul: product('matmul'), matmulWide: product('matmulWide') };
}

/** Linear layers in one call if they are small, else by their products. */
export function layers(wasm: KernelExports, team: Team): Some {
  const { matmul, matmulWide } = products(wasm, team);
  type Product = Parameters<KernelExports['matmul']>;
  /** `narrow` tiles for results of few columns. */
  const product = (wide: boolean, ...operands: Product): void => {
    const columns = operands[10];
    if (wide && columns > 8) matmulWide(...operands);
    else matmul(...operands);
  };
  // one output: no product, and soon done
  const small = (m: number, k: number, n: number): boolean =>
    n === 1 || m * k * n * MULTIPLICATION < 2 * team.leastWork;
  return {
    matmul,
    matmulWide,
    linear(x, weight, bias, out, m, k, n, wide) {
      if (small(m, k, n)) {
        wasm.linear(x, weight, bias, out, m, k, n, wide);
        return;
      }
      if (bias !== 0) wasm.fillRows(bias, out, m, n);
      product(wide, x, k, 1, weight, 1, k, out, n, m, k, n, bias !== 0);
    },
    linearBackward(g, x, weight, dx, dw, db, m, k, n, wide) {
      if (small(m, k, n)) {
        wasm.linearBackward(g, x, weight, dx, dw, db, m, k, n, wide);
        return;
      }
      if (dx !== 0) product(wide, g, n, 1, weight, k, 1, dx, k, m, n, k, false);
      if (dw !== 0) product(wide, g, 1, n, x, k, 1, dw, k, n, m, k, false);
      if (db !== 0) wasm.columnSums(g, db, m, n);
    },
  };
}
