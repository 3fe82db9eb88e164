import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // these need a real VS Code: see tools/test/stages.mjs
    exclude: ['test/extension/**', 'test/e2e/**', 'test/output/**'],
    // two cores are common, and the oracle starts Python
    testTimeout: 30_000,
    globalSetup: 'test/kernels/build.ts',
    setupFiles: 'test/kernels/install.ts',
  },
});
