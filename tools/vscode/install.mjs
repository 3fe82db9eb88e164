// A real VS Code without a desktop: the server inside the npm package code-server, whose workbench a browser shows.
import fs from 'node:fs';
import path from 'node:path';
import { cached } from '../support/cache.mjs';
import { capture } from '../support/process.mjs';
import { compileOutputWriter, headersPackage } from './outputWriter.mjs';

/** Contains VS Code 1.139.1. Its Node is the project's own. */
const codeServer = '4.139.1';

/** The folder of VS Code's server; installs it the first time (about a minute, 700 MB). */
export async function installVsCode() {
  const folder = await cached(`vscode-${codeServer}-with-output`, async (partial) => {
    console.log(`Installing VS Code's server into ${partial} (once, about a minute) …`);
    fs.writeFileSync(path.join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(partial, [`code-server@${codeServer}`, headersPackage]);
    // Its own install script would compile native parts, all but one of which nothing here needs. What is left to do:
    const server = serverIn(partial);
    await npmInstall(server, ['--omit=dev']);
    await npmInstall(path.join(server, 'extensions'), ['--omit=dev']);
    const problem = await compileOutputWriter(server, path.join(partial, 'node_modules/node-api-headers'));
    if (problem) console.log(`Without a C++ compiler this VS Code's Output view stays empty. ${problem}`);
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
