import fs from 'node:fs';
import { inRoot } from '../support/paths.mjs';

/** Where the package is, or will be. */
export function packagedExtension() {
  const { version } = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8'));
  return inRoot(`gradlens-${version}.vsix`);
}
