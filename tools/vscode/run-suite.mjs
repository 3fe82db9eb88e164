// Runs test/extension (built to dist/test) inside the extension host of a real VS Code and counts what passed.
// GRADLENS_VSCODE names a desktop VS Code's executable, or is `download` to fetch one; otherwise the shim is used.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { inRoot } from '../support/paths.mjs';

export async function runExtensionSuite() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'glx-'));
  const [output, result] = [path.join(folder, 'output.txt'), path.join(folder, 'result.json')];
  const stopFollowing = follow(output);
  try {
    await runTests({
      ...executable(),
      // beside it a stand-in for the Python extension, which only says what its tests have it say
      extensionDevelopmentPath: [inRoot(), inRoot('test/extension/python-extension')],
      extensionTestsPath: inRoot('dist/test/extension.cjs'),
      launchArgs: [workspaceCopy(folder), `--user-data-dir=${path.join(folder, 'u')}`],
      extensionTestsEnv: { GRADLENS_TEST_OUTPUT: output, GRADLENS_TEST_RESULT: result },
    }).catch((error) => fs.existsSync(result) || console.error(error.message));
    stopFollowing();
    if (!fs.existsSync(result)) throw new Error('the suite in VS Code left no result');
    return JSON.parse(fs.readFileSync(result, 'utf8'));
  } finally {
    stopFollowing();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function executable() {
  const wanted = process.env.GRADLENS_VSCODE;
  if (wanted === 'download') return {};
  return { vscodeExecutablePath: wanted ?? inRoot('tools/vscode/shim.mjs') };
}

/** Tests edit files: they get a copy of the examples. */
function workspaceCopy(folder) {
  const copy = path.join(folder, 'examples');
  fs.cpSync(inRoot('examples'), copy, { recursive: true });
  return copy;
}

/** Prints a file as it grows: an extension host's own console goes elsewhere. */
function follow(file) {
  fs.writeFileSync(file, '');
  let shown = 0;
  const show = () => {
    const text = fs.readFileSync(file);
    process.stdout.write(text.subarray(shown));
    shown = text.length;
  };
  const timer = setInterval(show, 100);
  return () => {
    if (timer.hasRef()) show();
    clearInterval(timer.unref());
  };
}
