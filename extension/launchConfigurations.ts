import path from 'node:path';
import { type Memento, type Uri, workspace } from 'vscode';
import { parseCommand, type ScriptCommand } from '../engine/host/commandLine.ts';
import { SETTINGS } from './ids.ts';

/** How a script is run: with what arguments, where, in which environment. */
export interface LaunchConfiguration extends ScriptCommand {
  readonly cwd: string;
}

/** What the setting may say of a script. */
interface Setting {
  readonly command?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const USED = 'commandLines';

/** How each script is run: as it was last, or else as the settings say. */
export class LaunchConfigurations {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  /** The command line as a person would type it; empty for a script without arguments. */
  commandLine(script: Uri): string {
    return this.#used[script.fsPath] ?? settingOf(script).command ?? '';
  }

  /** Remembers a command line; an empty one is forgotten, so that the settings hold again. */
  async use(script: Uri, commandLine: string): Promise<void> {
    const { [script.fsPath]: _, ...others } = this.#used;
    const text = commandLine.trim();
    await this.#memory.update(USED, text ? { ...others, [script.fsPath]: text } : others);
  }

  of(script: Uri): LaunchConfiguration {
    const { cwd, env = {} } = settingOf(script);
    const folder = folderOf(script);
    const command = parseCommand(this.commandLine(script), path.basename(script.fsPath));
    const environment = Object.fromEntries(
      Object.entries({ ...env, ...command.environment }).map(([name, value]) => [
        name,
        inFolder(String(value), folder),
      ]),
    );
    return { ...command, environment, cwd: path.resolve(folder, inFolder(cwd ?? '.', folder)) };
  }

  get #used(): Readonly<Record<string, string>> {
    return this.#memory.get(USED, {});
  }
}

/** A script runs in its workspace folder, as a terminal would have it; a lone file in its own. */
const folderOf = (script: Uri): string =>
  workspace.getWorkspaceFolder(script)?.uri.fsPath ?? path.dirname(script.fsPath);

const inFolder = (text: string, folder: string) => text.replace(/\$\{workspaceFolder\}/g, () => folder);

/** By the script's path below its workspace folder, or by its name. */
function settingOf(script: Uri): Setting {
  const all = workspace.getConfiguration('gradlens', script).get<Record<string, Setting>>(SETTINGS.launch, {});
  return all[workspace.asRelativePath(script, false)] ?? all[path.basename(script.fsPath)] ?? {};
}
