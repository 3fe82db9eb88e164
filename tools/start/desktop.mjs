import fs from 'node:fs';
import path from 'node:path';
import { build } from '../build/build.mjs';
import { inRoot, root } from '../support/paths.mjs';
import { run } from '../support/process.mjs';

/** The command that opens desktop VS Code: GRADLENS_CODE, or `code` if it is on the PATH. */
export function desktopVsCode() {
  if (process.env.GRADLENS_CODE) return process.env.GRADLENS_CODE;
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => fs.existsSync(file));
}

export async function openDesktop(code) {
  console.log('Building the extension …');
  await build();
  console.log(`Opening VS Code (${code}) with the example scripts …`);
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, inRoot('examples')];
  const status = await run(code, args, { env: process.env, shell: code.endsWith('.cmd') });
  if (status !== 0) throw new Error(`${code} ended with status ${status}. VS Code in the browser: npm start -- --web`);
  console.log('VS Code is open. Open a script and press ▷ "Run with GradLens" at the top right of its editor.');
}
