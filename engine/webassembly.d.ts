// What the engine uses of WebAssembly, which TypeScript knows only together with the whole DOM.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
  }
  class Memory {
    /** A SharedArrayBuffer if the memory is shared; another one after each growth. */
    readonly buffer: ArrayBuffer;
    constructor(pages: { initial: number; maximum: number; shared: boolean });
    /** @throws RangeError if the system has no more. */
    grow(pages: number): number;
  }
  class CompileError extends Error {}
}
