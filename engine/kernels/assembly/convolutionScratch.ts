import { forwardScratch } from './convolution';
import { inputScratch } from './convolutionInput';
import { weightScratch } from './convolutionWeight';
import { Geometry } from './planes';

/** Bytes of scratch memory that any direction of a convolution needs. */
export function convolutionScratch(g: Geometry): i32 {
  return (max(forwardScratch(g), max(inputScratch(g), weightScratch(g))) + 64) << 2;
}
