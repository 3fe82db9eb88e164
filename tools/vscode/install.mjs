// A real VS Code without a desktop: the server inside the npm package code-server, whose workbench a browser shows.
import fs from 'node:fs';
import path from 'node:path';
import { cached } from '../support/cache.mjs';
import { capture } from '../support/process.mjs';

/** Contains VS Code 1.139.1. Its Node is the project's own. */
const codeServer = '4.139.1';

/** The folder of VS Code's server; installs it the first time (about 30 s, 700 MB). */
export async function installVsCode() {
  const folder = await cached(`vscode-${codeServer}`, async (partial) => {
    console.log(`Installing VS Code's server into ${partial} (once, about 30 s) …`);
    fs.writeFileSync(path.join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(partial, [`code-server@${codeServer}`]);
    // Its own install script would compile native parts that nothing here needs; these two are what is left to do.
    const server = serverIn(partial);
    await npmInstall(server, ['--omit=dev']);
    await npmInstall(path.join(server, 'extensions'), ['--omit=dev']);
    console.log("VS Code's server is installed.");
  });
  return serverIn(folder);
}

const serverIn = (folder) => path.join(folder, 'node_modules/code-server/lib/vscode');

async function npmInstall(folder, args) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const { status, output } = await capture('npm', ['install', '--ignore-scripts', ...quiet, ...args], { cwd: folder });
  if (status === 0) return;
  throw new Error(`VS Code's server could not be installed. Is the npm registry within reach? npm said:\n${output}`);
}
