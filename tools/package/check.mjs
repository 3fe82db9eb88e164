import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const limit = 5_000_000;

const needed = [
  'package.json',
  'README.md',
  'dist/extension.cjs',
  'dist/engine/gradlens.js',
  'dist/engine/child.js',
  'dist/engine/writer.js',
  'dist/engine/decoder.js',
  'dist/engine/cli.js',
  'dist/webview/flow.js',
  'dist/webview/flow.css',
  'dist/types/index.d.ts',
  'engine/torch/gradlens/inject/sitecustomize.py',
  'engine/torch/gradlens/observer.py',
  'node_modules/gradlens-typescript-plugin/index.js',
];

const unwanted = [
  /\.map$/,
  /^(test|tools|extension|webview)\//,
  /\.(test|suite)\./,
  /^(?!examples\/).*(?<!\.d)\.ts$/, // sources
  /(^|\/)(__pycache__|\.git|\.vscode)\//,
  /\.(vsix|gradlens)$/,
];

export function checkContents(folder) {
  const files = fs.globSync('**', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) =>
    `${parentPath}/${name}`.replaceAll('\\', '/').slice(folder.length + 1),
  );
  const missing = needed.filter((file) => !names.includes(file));
  if (missing.length) throw new Error(`the package lacks ${missing.join(', ')}`);
  const wrong = names.filter((name) => unwanted.some((pattern) => pattern.test(name)));
  if (wrong.length) throw new Error(`the package must not have ${wrong.join(', ')}`);
}

/** Bundles can be complete and yet fail as they are loaded. */
export function checkCommandLine(folder) {
  const told = execFileSync(process.execPath, [path.join(folder, 'dist/engine/cli.js'), '--help'], {
    encoding: 'utf8',
  });
  if (!told.startsWith('Usage: gradlens')) throw new Error(`the command line of the package says: ${told}`);
}

export function checkSize(vsix) {
  const { size } = fs.statSync(vsix);
  console.log(`${vsix}: ${(size / 1e6).toFixed(2)} MB of at most ${limit / 1e6} MB`);
  if (size >= limit) throw new Error('the package is too large');
}
