// The declarations that give a script its IntelliSense for `gradlens`.
import fs from 'node:fs';
import path from 'node:path';
import { inRoot } from '../support/paths.mjs';
import { projectNode, run } from '../support/process.mjs';

export async function emitTypes(out) {
  const folder = path.join(out, 'dist/types');
  const fresh = `${folder}.${process.pid}`;
  const status = await run(projectNode(), [
    inRoot('node_modules/typescript/bin/tsc'),
    '--project',
    inRoot('tools/build/tsconfig.types.json'),
    '--outDir',
    fresh,
  ]);
  if (status !== 0) throw new Error('tsc could not emit the type declarations');
  referToNode(path.join(fresh, 'index.d.ts'));
  // swapped in at once, so that a running tsserver never sees half of them
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(fresh, folder);
}

/** A script runs in Node; with this its `node:fs` is known, too, in a folder that has nothing but the script. */
function referToNode(index) {
  fs.writeFileSync(index, `/// <reference types="node" />\n${fs.readFileSync(index, 'utf8')}`);
}
