import { forwardScratch } from './convolution';
import { inputScratch } from './convolutionInput';
import { weightScratch } from './convolutionWeight';
import { Geometry } from './planes';
import { winogradScratch } from './winogradProduct';
import { winogradWeightScratch } from './winogradWeight';

/** Bytes of scratch memory that any direction of a convolution needs. */
export function convolutionScratch(g: Geometry): i32 {
  const floats =
    g.tiles != 0
      ? max(winogradScratch(g), winogradWeightScratch(g))
      : max(forwardScratch(g), max(inputScratch(g), weightScratch(g)));
  return (floats + 64) << 2;
}
