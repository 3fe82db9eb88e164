// npm run package: gradlens-<version>.vsix, the same for all platforms.
// vsce packs a staging folder, because the TypeScript plugin must lie in node_modules, of which nothing else is shipped.
import fs from 'node:fs';
import path from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from './build/build.mjs';
import { checkCommandLine, checkContents, checkSize } from './package/check.mjs';
import { packagedExtension } from './package/path.mjs';
import { inRoot } from './support/paths.mjs';

const staging = inRoot('dist/package');
const manifest = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
const vsix = packagedExtension();
/** Beside the plugin: the typings of Node, which a script's `import 'node:fs'` needs and the user may not have. */
const typings = ['@types/node', 'undici-types'];

try {
  fs.rmSync(staging, { recursive: true, force: true });
  await build({ production: true, out: staging });
  await copyAllowedFiles();
  for (const name of typings) copyTypings(name);
  writeManifest();
  checkContents(staging);
  checkCommandLine(staging);
  await createVSIX({
    cwd: staging,
    packagePath: vsix,
    allowMissingRepository: true,
    skipLicense: true,
    rewriteRelativeLinks: false,
  });
  checkSize(vsix);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** What .vscodeignore lets through. */
async function copyAllowedFiles() {
  for (const file of await listFiles({ cwd: inRoot(), packageManager: PackageManager.None })) {
    copy(inRoot(file), path.join(staging, file));
  }
}

function copyTypings(name) {
  const from = inRoot('node_modules', name);
  for (const file of fs.globSync('**/{*.d.ts,package.json,LICENSE}', { cwd: from })) {
    copy(path.join(from, file), path.join(staging, 'node_modules', name, file));
  }
}

/** vsce packs from node_modules what is a dependency. */
function writeManifest() {
  const { devDependencies, scripts, allowScripts, private: _, ...shipped } = manifest;
  const versions = typings.map((name) => [name, devDependencies[name] ?? '*']);
  shipped.dependencies = { 'gradlens-typescript-plugin': '1.0.0', ...Object.fromEntries(versions) };
  fs.writeFileSync(path.join(staging, 'package.json'), `${JSON.stringify(shipped, null, 2)}\n`);
  fs.writeFileSync(path.join(staging, '.vscodeignore'), '# All that is here is meant to be packed.\n');
}

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}
