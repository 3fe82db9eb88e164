// The stages of `npm test`, in order. Each gives what it counted, or throws a sentence.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../support/paths.mjs';
import { runTool } from '../support/process.mjs';

const nothingCounted = { passed: 0, failed: 0 };

export const stages = [
  { name: 'lint', title: 'format and lint', run: lint },
  { name: 'types', title: 'types', run: types },
  { name: 'build', title: 'build', run: () => tool('tools/build.mjs') },
  { name: 'vitest', title: 'unit, property and oracle tests', run: (args) => vitest('vitest.config.ts', args) },
  { name: 'package', title: 'package', run: () => tool('tools/package.mjs') },
  { name: 'extension', title: 'extension in a real VS Code', run: extension },
  {
    name: 'e2e',
    title: 'the packaged extension through the real interface',
    run: (args) => vitest('test/e2e/vitest.config.ts', args),
  },
];

async function lint() {
  const colors = process.stdout.isTTY ? [] : ['--colors=off'];
  return tool('node_modules/@biomejs/biome/bin/biome', ['ci', '--max-diagnostics=30', ...colors]);
}

async function types() {
  const wrong = [];
  for (const project of typescriptProjects()) {
    console.log(project);
    if ((await runTool('node_modules/typescript/bin/tsc', ['--project', inRoot(project)])) !== 0) wrong.push(project);
  }
  if (wrong.length) throw new Error(`tsc finds errors in ${wrong.join(', ')}`);
  return nothingCounted;
}

/** Every folder with a tsconfig.json is checked; nobody has to list a new one here. */
function typescriptProjects() {
  const found = fs.globSync('{engine,extension,webview,test}/**/tsconfig.json', {
    cwd: inRoot(),
    // of what a benchmark compares with
    exclude: (file) => file.split(/[\\/]/).includes('node_modules'),
  });
  return found.sort();
}

async function vitest(config, args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-vitest-'));
  const report = path.join(folder, 'report.json');
  try {
    const status = await runTool('node_modules/vitest/vitest.mjs', [
      'run',
      `--config=${config}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...args,
    ]);
    if (!fs.existsSync(report)) throw new Error(`vitest ended with status ${status} and no report`);
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(fs.readFileSync(report, 'utf8'));
    // a file that can't be loaded fails without a failed test
    return { passed, failed: status === 0 ? failed : Math.max(failed, 1) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function extension() {
  const { runExtensionSuite } = await import('../vscode/run-suite.mjs');
  return runExtensionSuite();
}

async function tool(script, args = []) {
  const status = await runTool(script, args);
  if (status !== 0) throw new Error(`${path.basename(script)} ended with status ${status}`);
  return nothingCounted;
}
