/** The messages of `noImplicitAny`: a missing annotation, never a mistake. */
const implicitAny = new Set([
  7005, // Variable implicitly has an 'any' type
  7006, // Parameter implicitly has an 'any' type
  7008, // Member implicitly has an 'any' type
  7019, // Rest parameter implicitly has an 'any[]' type
  7031, // Binding element implicitly has an 'any' type
  7034, // Variable implicitly has type 'any' in some locations
  7044, // Parameter implicitly has an 'any' type, but a better type may be inferred from usage
]);

export function isHarmless(code: number): boolean {
  return implicitAny.has(code);
}
