import fs from 'node:fs';
import path from 'node:path';
import { EXAMPLES, runFile, type Watched, write } from '../host/scripts.ts';

/** A copy of an example in a folder of its own, as a user would have it. */
export const copyOf = (name: string): string => write({ [name]: fs.readFileSync(path.join(EXAMPLES, name), 'utf8') });

/** Runs a text beside a script. */
export async function runText(script: string, text: string, seed?: number): Promise<Watched> {
  const beside = path.join(path.dirname(script), `edited${path.extname(script)}`);
  fs.writeFileSync(beside, text);
  return runFile(beside, { seed });
}
