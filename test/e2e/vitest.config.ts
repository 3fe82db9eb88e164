import { defineConfig } from 'vitest/config';

// Everything here is slow and of one window: one file after the other, in order, and generous with time.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    // limits end what hangs
    testTimeout: 900_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 300_000 } },
    bail: 1,
  },
});
