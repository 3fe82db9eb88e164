import { defineConfig } from 'vitest/config';

// Everything here is slow and of one window: one file after the other, in order, and generous with time.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    bail: 1,
  },
});
