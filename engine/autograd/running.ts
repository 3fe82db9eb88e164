/** The module whose `forward` is running, the innermost, where somebody watches. A live binding: read it, never cache it. */
export let running: object | null = null;

/** A module's forward begins. @returns What ran before, to be put back at its end. */
export function run(module: object | null): object | null {
  const before = running;
  running = module;
  return before;
}
