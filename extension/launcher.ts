import path from 'node:path';
import { type Memento, type Uri, window, workspace } from 'vscode';
import { isPython, type LaunchOptions } from '../engine/host/launch.ts';
import { findInterpreter } from '../engine/host/python/interpreter.ts';
import { SETTINGS } from './ids.ts';
import { LaunchConfigurations } from './launchConfigurations.ts';
import { chosenInterpreter } from './python/interpreters.ts';
import { startInTerminal } from './python/terminal.ts';

/** Says how a script is to be run in this window. */
export class Launcher {
  readonly #configurations: LaunchConfigurations;

  constructor(memory: Memento) {
    this.#configurations = new LaunchConfigurations(memory);
  }

  /** `quiet`: its terminal isn't brought to the front. @throws InterpreterError */
  async options(script: Uri, { quiet = false } = {}): Promise<Omit<LaunchOptions, 'log'>> {
    const { arguments: args, cwd, environment, torchrun } = this.#configurations.of(script);
    const file = script.fsPath;
    const budget = workspace.getConfiguration('gradlens', script).get<number>(SETTINGS.budget);
    if (!isPython(file)) return { script: file, arguments: args, cwd, budget };
    const python = {
      interpreter: (await findInterpreter(await chosenInterpreter(script))).path,
      torchrun: torchrun ?? undefined,
      environment,
      start: startInTerminal(path.basename(file), { quiet }),
    };
    return { script: file, arguments: args, cwd, budget, python };
  }

  /** Asks for the command line and remembers it; false if the person thinks better of it. */
  async askForArguments(script: Uri): Promise<boolean> {
    const name = path.basename(script.fsPath);
    const commandLine = await window.showInputBox({
      title: `Run ${name} with arguments`,
      value: this.#configurations.commandLine(script),
      placeHolder: isPython(name)
        ? `--epochs 3, or LR=0.1 torchrun --nproc_per_node=2 ${name} --epochs 3`
        : '--epochs 3',
      prompt: 'As on a command line. They are used from now on; leave it empty to run without.',
      ignoreFocusOut: true,
    });
    if (commandLine === undefined) return false;
    await this.#configurations.use(script, commandLine);
    return true;
  }
}
