// Big things that are installed once per machine and version, outside node_modules (which `npm ci` empties).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export function cacheFolder() {
  return (
    process.env.GRADLENS_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'gradlens')
  );
}

/**
 * The folder `name` in the cache, filled by `fill(folder)` if it isn't there yet. It appears under its name only when
 * complete. Whoever comes second waits; what an interrupted process left is handed to the next `fill`, to go on with.
 */
export async function cached(name, fill) {
  const done = path.join(cacheFolder(), name);
  if (fs.existsSync(done)) return done;
  const partial = `${done}.partial`;
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const unlock = await lock(`${done}.lock`);
  try {
    if (fs.existsSync(done)) return done;
    fs.mkdirSync(partial, { recursive: true });
    await fill(partial);
    fs.renameSync(partial, done);
    return done;
  } finally {
    unlock();
  }
}

/** A file with the owner's process id; one whose owner is gone counts for nothing. */
async function lock(file) {
  for (let told = false; ; ) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!ownerLives(file)) fs.rmSync(file, { force: true });
    else if (!told) {
      console.log(`Another process is installing it (${file}); waiting …`);
      told = true;
    }
    await sleep(300);
  }
}

function ownerLives(file) {
  try {
    const owner = Number(fs.readFileSync(file, 'utf8'));
    // just created, its number not written yet
    if (!owner) return Date.now() - fs.statSync(file).mtimeMs < 2_000;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
