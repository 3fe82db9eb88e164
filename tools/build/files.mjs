// What the build only copies or writes.
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../support/paths.mjs';

const grammars = [
  'tree-sitter.wasm',
  'tree-sitter-typescript.wasm',
  'tree-sitter-javascript.wasm',
  'tree-sitter-python.wasm',
];

export function finish(out) {
  copyGrammars(out);
  writePluginManifest(out);
  // `gradlens` is started by name from a terminal
  fs.chmodSync(path.join(out, 'dist/engine/cli.js'), 0o755);
}

function copyGrammars(out) {
  for (const name of grammars) {
    copy(inRoot('node_modules/@vscode/tree-sitter-wasm/wasm', name), path.join(out, 'dist/grammars', name));
  }
}

/** Makes a package of the bundled plugin: the checkout itself is one of ES modules, the plugin is CommonJS. */
function writePluginManifest(out) {
  const folder = path.join(out, 'node_modules/gradlens-typescript-plugin');
  const manifest = { name: 'gradlens-typescript-plugin', version: '1.0.0', main: 'index.js', type: 'commonjs' };
  write(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function copy(from, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}

function write(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
