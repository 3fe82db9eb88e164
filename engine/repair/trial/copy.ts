import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** A copy of what a script sees of its folder, for one run. */
export interface Copy {
  readonly script: string;
  readonly cwd: string;
  /** Takes the copy away. */
  remove(): Promise<void>;
}

/** Larger files are data: they are linked to, not copied. In bytes. */
const COPIED = 1 << 20;
/** With more entries than this, folders are linked to as a whole. */
const ENTRIES = 2000;
const LEFT_OUT = new Set(['.git', '__pycache__', '.ipynb_checkpoints', '.pytest_cache']);
const LINKED = new Set(['node_modules', '.venv', 'venv', 'env', 'site-packages', 'dist', 'build', 'out']);

/**
 * Copies the folder of a script, so that what it writes beside itself stays out of the user's folder; and what it
 * reaches by `../` or from its working directory, as far as that lies around it. `texts`: files that differ, by path.
 */
export async function copyFor(
  script: string,
  cwd: string,
  sources: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): Promise<Copy> {
  const root = rootOf(script, cwd, sources);
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), `gradlens-trial-${process.pid}-`)));
  const place = (file: string) => path.join(folder, path.relative(root, file));
  try {
    await mirror(root, folder, path.dirname(script), { entries: ENTRIES });
    for (const [file, text] of [...sources, ...texts]) {
      if (!isIn(file, root)) continue;
      await fs.mkdir(path.dirname(place(file)), { recursive: true });
      await fs.rm(place(file), { force: true });
      await fs.writeFile(place(file), text);
    }
    await linkPackages(root, folder);
  } catch (error) {
    await remove(folder);
    throw error;
  }
  return {
    script: place(script),
    cwd: isIn(cwd, root) ? place(cwd) : path.dirname(place(script)),
    remove: () => remove(folder),
  };
}

const remove = (folder: string) => fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });

const isIn = (file: string, folder: string) => {
  const relative = path.relative(folder, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative);
};

/** The folder that holds all that a script is seen to use: its own, what it climbs to, its working directory. */
function rootOf(script: string, cwd: string, sources: ReadonlyMap<string, string>): string {
  let root = path.dirname(script);
  for (const [file, text] of sources) {
    let climbed = path.dirname(file);
    if (!isIn(climbed, path.dirname(root))) continue;
    for (let up = climbs(text); up > 0; up--) climbed = path.dirname(climbed);
    if (isIn(root, climbed) && isPlain(climbed)) root = climbed;
  }
  return isIn(root, cwd) && isPlain(cwd) ? cwd : root;
}

/** How far up a text goes: `'../data'`, `Path(__file__).parents[2]`, `.parent.parent`. */
function climbs(text: string): number {
  const dots = [...text.matchAll(/["'`](?:\.\/)?((?:\.\.[\\/])+)/g)].map(([, found]) => found.length / 3);
  const parents = [...text.matchAll(/\.parents\[(\d)\]/g)].map(([, n]) => Number(n));
  const chained = [...text.matchAll(/(?:\.parent\b)+/g)].map(([found]) => found.split('.parent').length - 2);
  return Math.min(3, Math.max(0, ...dots, ...parents, ...chained));
}

/** Neither a whole disk nor anyone's home, nor the folder for everything temporary. */
function isPlain(folder: string): boolean {
  const real = path.resolve(folder);
  return ![path.parse(real).root, os.homedir(), path.dirname(os.homedir()), os.tmpdir()].includes(real);
}

/** Folders stay folders, so that what is written into them stays in the copy; `first` is copied before its neighbours. */
async function mirror(from: string, into: string, first: string, budget: { entries: number }): Promise<void> {
  await fs.mkdir(into, { recursive: true });
  const entries = await fs.readdir(from, { withFileTypes: true });
  const leads = (name: string) => Number(isIn(first, path.join(from, name)));
  entries.sort((a, b) => leads(b.name) - leads(a.name));
  for (const entry of entries) {
    const [source, target] = [path.join(from, entry.name), path.join(into, entry.name)];
    if (LEFT_OUT.has(entry.name)) continue;
    budget.entries--;
    if (entry.isDirectory() && !LINKED.has(entry.name) && (budget.entries > 0 || leads(entry.name))) {
      await mirror(source, target, first, budget);
    } else if (entry.isFile() && (await fs.stat(source)).size <= COPIED) {
      await fs.copyFile(source, target, fs.constants.COPYFILE_FICLONE);
    } else if (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink()) {
      await link(source, target);
    }
  }
}

/** Where links aren't allowed, as for most on Windows, files are copied and folders joined. */
async function link(source: string, target: string): Promise<void> {
  const isFolder = (await fs.stat(source).catch(() => null))?.isDirectory();
  try {
    await fs.symlink(source, target, isFolder ? 'junction' : 'file');
  } catch (error) {
    if (isFolder) throw error;
    await fs.copyFile(source, target);
  }
}

/** Packages are found from above, too. */
async function linkPackages(root: string, folder: string): Promise<void> {
  for (let at = path.dirname(root); ; at = path.dirname(at)) {
    const packages = path.join(at, 'node_modules');
    const target = path.join(folder, 'node_modules');
    const exists = async (file: string) => (await fs.stat(file).catch(() => null)) !== null;
    if (await exists(target)) return;
    if (await exists(packages)) return link(packages, target);
    if (at === path.dirname(at)) return;
  }
}
