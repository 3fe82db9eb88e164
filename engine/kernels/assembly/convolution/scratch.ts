import { forwardScratch } from './forward';
import { inputScratch } from './input';
import { weightScratch } from './weight';
import { Geometry } from './planes';
import { winogradScratch } from './winograd/product';
import { winogradWeightScratch } from './winograd/weight';

/** Bytes of scratch memory that any direction of a convolution needs. */
export function convolutionScratch(g: Geometry): i32 {
  const floats =
    g.tiles != 0
      ? max(winogradScratch(g), winogradWeightScratch(g))
      : max(forwardScratch(g), max(inputScratch(g), weightScratch(g)));
  return (floats + 64) << 2;
}
