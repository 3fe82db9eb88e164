import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What a window says of itself to Python processes of the same user that it hasn't started: notebooks' kernels. */
export interface WindowNotice {
  /** The folders that are open in it: a process in one of them belongs to it. */
  readonly folders: readonly string[];
  /** The GRADLENS_WINDOW_… variables that its terminals have. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The same place as in `windows.py`. */
export const noticesFolder = (home = os.homedir()): string => path.join(home, '.cache', 'gradlens', 'windows');

/**
 * Writes a window's notice where only its user can read it, because it holds the token; gives what takes it away again.
 * What windows that are gone have left behind is taken away, too.
 */
export function postNotice(notice: WindowNotice, folder = noticesFolder(), pid = process.pid): () => void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  fs.chmodSync(folder, 0o700);
  for (const name of fs.readdirSync(folder)) {
    if (!isRunning(Number.parseInt(name, 10))) fs.rmSync(path.join(folder, name), { force: true });
  }
  const file = path.join(folder, `${pid}.json`);
  const draft = `${file}.tmp`;
  fs.rmSync(draft, { force: true });
  // a new file, so that nobody has opened it before its permissions were set; complete before it has its name
  fs.writeFileSync(draft, JSON.stringify({ pid, ...notice }), { mode: 0o600, flag: 'wx' });
  fs.renameSync(draft, file);
  return () => fs.rmSync(file, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
