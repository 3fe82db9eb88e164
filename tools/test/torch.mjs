// A Python with torch for the tests that need one. CI makes sure that there is; elsewhere such tests are skipped.
import fs from 'node:fs';
import path from 'node:path';
import { cached } from '../support/cache.mjs';
import { capture } from '../support/process.mjs';

const windows = process.platform === 'win32';
const debian = '/usr/bin/python3';

/**
 * Names all that can be had in TORCH_PYTHON, separated as on PATH, where nobody has named any. CI installs two: pip's
 * is the newest, Debian's the oldest that is supported, and has a notebook's kernel beside it.
 */
export async function provideTorch() {
  if (process.env.TORCH_PYTHON) return;
  const found = [await withTorch('python3')];
  if (process.env.CI) {
    if (!found[0]) found.push(await fromPip());
    await fromDebian();
  }
  if (fs.existsSync(debian)) found.push(await withTorch(debian));
  const distinct = [...new Set(found.filter(Boolean))];
  if (distinct.length === 0 && process.env.CI) throw new Error('no Python with torch could be found or installed');
  if (distinct.length) process.env.TORCH_PYTHON = distinct.join(path.delimiter);
  console.log(
    distinct.length ? `PyTorch: ${process.env.TORCH_PYTHON}` : 'No Python with torch: its tests are skipped.',
  );
}

const succeeds = (command, args) =>
  capture(command, args).then(
    ({ status }) => status === 0,
    () => false,
  );

/** The whole path of an interpreter that has torch, or null: one may be known by several names. */
async function withTorch(python) {
  const { status, output } = await capture(python, ['-c', 'import sys, torch; print(sys.executable)']).catch(
    () => ({}),
  );
  return status === 0 ? output.trim().split('\n').at(-1) : null;
}

/** From pip into a virtual environment in the cache; null, and the reason told, where that fails. */
async function fromPip() {
  try {
    const folder = await cached('torch-venv', fill);
    return path.join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  } catch (error) {
    console.log(`pip can't install torch. ${error.message}`);
    return null;
  }
}

/** For the Python at `debian`, where there is apt and it may be used. */
async function fromDebian() {
  const packages = [
    'python3-torch',
    'python3-numpy',
    'libopenblas0-pthread',
    'python3-ipykernel',
    'python3-jupyter-client',
  ];
  if (await succeeds(debian, ['-c', 'import torch, ipykernel, jupyter_client'])) return;
  await succeeds('apt-get', ['update']);
  const done = await succeeds('apt-get', ['install', '-y', '--no-install-recommends', ...packages]);
  if (!done) console.log(`Debian's packages can't be installed: ${packages.join(', ')}`);
}

async function fill(folder) {
  console.log(`Installing torch into ${folder} (once; some minutes) …`);
  await must(windows ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
  const python = path.join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  await must(python, ['-m', 'pip', 'install', '--quiet', 'torch', 'numpy']);
  await must(python, ['-c', 'import torch']);
}

async function must(command, args) {
  const { status, output } = await capture(command, args);
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.slice(0, 3).join(' ')}: ${output.slice(-800)}`);
}
