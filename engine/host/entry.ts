/**
 * The file of another entry point beside this one: the source when running from source (Node strips its types), the
 * bundle when bundled.
 */
export function entry(name: 'child' | 'writer' | 'kernelThread'): URL {
  return new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}

/** What scripts import as `gradlens`. */
export function apiEntry(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './api.ts' : './gradlens.js', import.meta.url);
}

/** Compiled kernels: built, also when running from source. */
export function kernelsFile(name: string): URL {
  return new URL(`${import.meta.url.endsWith('.ts') ? '../../dist/engine' : '.'}/${name}.wasm`, import.meta.url);
}
