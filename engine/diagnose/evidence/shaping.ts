/** Operations that pass on what they're given as it is, in another shape or a part of it. */
export const SHAPING: ReadonlySet<string> = new Set([
  'flatten',
  'reshape',
  'view',
  'transpose',
  'permute',
  'squeeze',
  'unsqueeze',
  'slice',
  'select',
  'cat',
  'stack',
]);
