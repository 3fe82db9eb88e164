import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // these need a real VS Code: see tools/test/stages.mjs
    exclude: ['test/extension/**', 'test/e2e/**', 'test/output/**'],
    // nothing is held against a clock: limits end what hangs, on the slowest machine
    testTimeout: 900_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    globalSetup: 'test/kernels/build.ts',
    setupFiles: 'test/kernels/install.ts',
  },
});
