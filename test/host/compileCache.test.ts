import { afterEach, expect, test, vi } from 'vitest';
import { run } from './scripts.ts';

const WHERE = `import 'gradlens';
import module from 'node:module';
console.log(module.getCompileCacheDir() ?? 'nowhere');
console.log(process.env.NODE_COMPILE_CACHE ?? 'unset');
`;

afterEach(() => void vi.unstubAllEnvs());

test('compiled code is kept from run to run; what the script starts knows nothing of it', async () => {
  vi.stubEnv('NODE_COMPILE_CACHE', undefined);
  const { output } = await run(WHERE);
  const [folder, variable] = output.trim().split('\n');
  expect(folder).toMatch(/gradlens-compiled/);
  expect(variable).toBe('unset');
});
