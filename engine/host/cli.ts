import path from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { version } from '../version.ts';
import { compareLogs } from './cli/compare.ts';
import { type FixFlags, fixScript } from './cli/fix.ts';
import { diagnoseScript, type RunFlags, runScript } from './cli/run.ts';
import { showLog } from './cli/show.ts';
import { WRONG_USAGE } from './cli/status.ts';

/** The command line: `gradlens run SCRIPT`, and so on. */
function count(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return n;
}

function seed(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 0) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return n;
}

const program = new Command('gradlens')
  .description('Finds where the gradient vanishes, explodes or turns into NaN: the layer, the line, the cause.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(gradlens --help tells how it is used)');

function percent(text: string): number {
  const n = Number(text);
  if (!(n >= 0 && n <= 100)) throw new InvalidArgumentError('It must be a number from 0 to 100.');
  return n;
}

function scriptCommand<F extends RunFlags>(
  name: string,
  description: string,
  act: (script: string, flags: F) => Promise<number>,
) {
  return program
    .command(name)
    .description(description)
    .argument('<script>', 'the training script: .ts, .mts, .js, .mjs or .py')
    .argument('[args...]', 'after --, arguments for the script')
    .option('--json', 'print one JSON document on stdout, nothing else')
    .option('--log <file>', 'write the run log there')
    .option('--steps <n>', 'stop after n steps', count)
    .option('--seed <n>', "override the script's own seed", seed)
    .option('--python <path>', 'the interpreter for .py; otherwise python3 or python on the path')
    .option(
      '--budget <percent>',
      'of its time that watching may take (5); 100 measures everything at every step',
      percent,
    )
    .option('--nproc-per-node <n>', 'train a .py in n processes, as torchrun does', count)
    .option('--quiet', 'print findings only')
    .action(async (script: string, args: string[], flags: Omit<F, 'arguments'>) => {
      process.exitCode = await act(path.resolve(script), { ...flags, arguments: args } as unknown as F);
    });
}

scriptCommand('run', 'run a script to its end and tell the findings', runScript);
scriptCommand('diagnose', 'run a script until the diagnosis is settled, then stop it', diagnoseScript);
scriptCommand<FixFlags>('fix', 'propose remedies, try them on copies, and write the one that is chosen', fixScript)
  .option('--finding <id>', 'only remedies of this finding')
  .option('--apply', 'write the best proven remedy without asking')
  .option('--trials <n>', 'seeds per arm of a trial (5)', count);

program
  .command('show')
  .description('findings and per-layer table of a run log')
  .argument('<log>', 'a *.gradlens file')
  .option('--json', 'print one JSON document on stdout, nothing else')
  .action(async (log: string, flags: { json?: boolean }) => {
    process.exitCode = await showLog(path.resolve(log), flags);
  });

program
  .command('compare')
  .description('two runs side by side: losses, layers, findings')
  .argument('<log-a>', 'a *.gradlens file')
  .argument('<log-b>', 'another one')
  .option('--json', 'print one JSON document on stdout, nothing else')
  .action(async (a: string, b: string, flags: { json?: boolean }) => {
    process.exitCode = await compareLogs(path.resolve(a), path.resolve(b), flags);
  });

// Whoever reads the output may have had enough: `gradlens run … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
}
