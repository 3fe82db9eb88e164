import type { Numbers } from '../../tensor/dtype.ts';
import type { Kernels } from '../kernels.ts';
import { recurrent as reference } from '../reference/recurrent.ts';
import { type Access, NOWHERE } from './access.ts';
import type { Address, KernelExports } from './exports.ts';

export const RECURRENT = [
  'lstmMemory',
  'lstmMemoryBackward',
  'lstmHidden',
  'lstmHiddenBackward',
  'gruStep',
  'gruStepBackward',
] as const;

/** Arrays, the result last, then the two sizes; or their addresses. */
type Step = (...operands: [...(Numbers | Address)[], n: number, width: number]) => void;

/** Steps of gated recurrences on arrays that `access` reaches; others go to the reference. */
export function recurrentKernels(access: Access): Pick<Kernels, (typeof RECURRENT)[number]> {
  const choose = (name: (typeof RECURRENT)[number]): Step => {
    const fast = access.wasm[name as keyof KernelExports] as unknown as (...operands: number[]) => void;
    const slow = reference[name] as unknown as Step;
    return (...operands) => {
      const [width, n] = [operands.pop() as number, operands.pop() as number];
      const arrays = operands as Numbers[];
      const out = arrays[arrays.length - 1];
      const places = arrays.map((array, slot) =>
        array === out && access.single(out) ? out.byteOffset : array === out ? NOWHERE : access.operand(array, slot),
      );
      if (places.includes(NOWHERE)) slow(...arrays, n, width);
      else fast(...places, n, width);
    };
  };
  return Object.fromEntries(RECURRENT.map((name) => [name, choose(name)])) as unknown as ReturnType<
    typeof recurrentKernels
  >;
}
