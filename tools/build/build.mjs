import fs from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../support/paths.mjs';
import { bundles } from './bundles.mjs';
import { finish } from './files.mjs';
import { buildKernels } from './kernels.mjs';
import { emitTypes } from './types.mjs';

/** Builds everything into `out`/dist (and the TypeScript plugin into `out`/node_modules). */
export async function build({ production = false, out = root } = {}) {
  const all = bundles({ production, out });
  const [results] = await Promise.all([
    Promise.all(all.map((options) => esbuild.build(options))),
    emitTypes(out),
    buildKernels(out),
  ]);
  finish(out);
  const outputs = Object.assign({}, ...results.map((result) => result.metafile.outputs));
  removeOldParts(out, outputs);
  printSizes(outputs);
}

/** Rebuilds on every change; types and copies are made once. */
export async function watch() {
  const all = bundles({ production: false, out: root });
  const contexts = await Promise.all(
    all.map((options) => esbuild.context({ ...options, logLevel: 'silent', plugins: [report] })),
  );
  begin();
  await Promise.all([
    ...contexts.map((context) => context.rebuild().catch(() => {})),
    emitTypes(root),
    buildKernels(root),
  ]);
  finish(root);
  end();
  await Promise.all(contexts.map((context) => context.watch()));
}

// The two lines are what .vscode/tasks.json waits for, once for all bundles that are under way.
let underWay = 0;
const begin = () => underWay++ === 0 && console.log('[watch] build started');
const end = () => --underWay === 0 && console.log('[watch] build finished');

const report = {
  name: 'report',
  setup(bundle) {
    bundle.onStart(() => void begin());
    bundle.onEnd(({ errors }) => {
      for (const { text, location } of errors) {
        console.log(`✘ [ERROR] ${text}`);
        if (location) console.log(`    ${location.file}:${location.line}:${location.column}:`);
      }
      end();
    });
  },
};

/** Shared parts are named by their content; those of earlier builds would pile up. */
function removeOldParts(out, outputs) {
  for (const file of fs.globSync('dist/engine/*.{js,js.map}', { cwd: out })) {
    if (!(path.relative(root, path.join(out, file)).replaceAll('\\', '/') in outputs)) fs.rmSync(path.join(out, file));
  }
}

function printSizes(outputs) {
  for (const [file, { bytes }] of Object.entries(outputs)) {
    if (!file.endsWith('.map')) console.log(`${(bytes / 1024).toFixed(1).padStart(9)} KB  ${file}`);
  }
}
