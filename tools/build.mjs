// node tools/build.mjs [--production] [--watch]
import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { bundles } from './build/bundles.mjs';
import { copyGrammars, makeCommandLineExecutable, writePluginManifest } from './build/files.mjs';
import { emitTypes } from './build/types.mjs';
import { inRoot, root } from './support/paths.mjs';

const production = process.argv.includes('--production');
const all = bundles({ production });

if (process.argv.includes('--watch')) await watch();
else await build();

async function build() {
  const [results] = await Promise.all([Promise.all(all.map((options) => esbuild.build(options))), emitTypes()]);
  finish();
  const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
  removeOldChunks(outputs);
  printSizes(outputs);
}

/** Rebuilds on every change; types and copies are made once. The two lines are what .vscode/tasks.json waits for. */
async function watch() {
  const report = {
    name: 'report',
    setup(bundle) {
      bundle.onStart(() => console.log('[watch] build started'));
      bundle.onEnd((result) => {
        for (const { text, location } of result.errors) {
          console.log(`✘ [ERROR] ${text}`);
          if (location) console.log(`    ${location.file}:${location.line}:${location.column}:`);
        }
        console.log('[watch] build finished');
      });
    },
  };
  console.log('[watch] build started');
  const contexts = await Promise.all(
    all.map((options) => esbuild.context({ ...options, logLevel: 'silent', plugins: [report] })),
  );
  await Promise.all(contexts.map((context) => context.rebuild().catch(() => {})));
  await emitTypes().catch((error) => console.log(`✘ [ERROR] ${error.message}`));
  finish();
  await Promise.all(contexts.map((context) => context.watch()));
}

function finish() {
  copyGrammars();
  writePluginManifest();
  makeCommandLineExecutable();
}

/** Chunks are named by their content; those of earlier builds would pile up, and end up in the package. */
function removeOldChunks(outputs) {
  const folder = inRoot('dist/engine/chunks');
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    if (!(`dist/engine/chunks/${name}` in outputs)) fs.rmSync(path.join(folder, name));
  }
}

function printSizes(outputs) {
  const rows = Object.entries(outputs).filter(([file]) => !file.endsWith('.map'));
  for (const [file, { bytes }] of rows) console.log(`${(bytes / 1024).toFixed(1).padStart(9)} KB  ${file}`);
  console.log(
    `built ${production ? 'for production' : 'for development'} in ${path.relative(process.cwd(), root) || '.'}`,
  );
}
