// npm test [-- --only=<stage>,… [arguments for the stage's tool]]
// Checks everything, from format to the real interface, and stops at the first stage that fails.
import { ensureDependencies } from './support/dependencies.mjs';
import { isProjectNode, rerunOnProjectNode } from './support/process.mjs';

await ensureDependencies();
// from here on installed packages are needed, and the Node they want
if (!isProjectNode()) process.exit(await rerunOnProjectNode());
const { stages } = await import('./test/stages.mjs');

const [only, ...rest] = process.argv.slice(2);
const wanted = only?.startsWith('--only=') ? only.slice('--only='.length).split(',') : null;
const unknown = wanted?.filter((name) => !stages.some((stage) => stage.name === name)) ?? [];
if (unknown.length || (only && !wanted)) {
  console.error(`Stages are ${stages.map((stage) => stage.name).join(', ')}; for example: npm test -- --only=vitest`);
  process.exit(64);
}

if (!wanted || wanted.some((name) => ['vitest', 'extension', 'e2e'].includes(name))) {
  const { provideTorch } = await import('./test/torch.mjs');
  await provideTorch();
}

const began = Date.now();
const total = { passed: 0, failed: 0 };
const summary = [];
for (const stage of stages.filter(({ name }) => !wanted || wanted.includes(name))) {
  const start = Date.now();
  console.log(`\n── ${stage.title}`);
  const { passed, failed, problem } = await outcome(stage);
  total.passed += passed;
  total.failed += failed;
  const counts = !problem && passed + failed ? ` (${passed} of ${passed + failed} tests passed)` : '';
  summary.push(`${failed ? '✘' : '✔'} ${stage.title}${counts}, ${seconds(start)}${problem ? `: ${problem}` : ''}`);
  if (failed) break;
}
console.log(`\n${summary.join('\n')}\n${seconds(began)} in all\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed ? 1 : 0;

/** A stage that has no tests of its own, such as the linter, fails as one. */
async function outcome(stage) {
  try {
    return await stage.run(rest);
  } catch (error) {
    return { passed: 0, failed: 1, problem: error.message };
  }
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
