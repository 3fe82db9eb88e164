import path from 'node:path';
import { commands, type EnvironmentVariableCollection, env, MarkdownString, window, workspace } from 'vscode';
import { DEFAULT_BUDGET } from '../engine/host/launch.ts';
import { type Connection, type Link, listen } from '../engine/host/link.ts';
import { LiveRun } from '../engine/host/liveRun.ts';
import { injectFolder, packageFolder, pythonPathWith } from '../engine/host/python/environment.ts';
import { postNotice } from '../engine/host/python/windowFile.ts';
import { followFolder } from '../engine/host/tail.ts';
import type { Gone } from '../engine/host/training.ts';
import type { Frame, StartFrame } from '../engine/run/frame.ts';
import { Disposables } from './dispose.ts';
import { COMMANDS, SETTINGS } from './ids.ts';
import type { RunLogs } from './runs/logs.ts';
import type { Runs } from './runs/runs.ts';

/** Ranks of one run begin within so many milliseconds. */
const TOGETHER = 5 * 60_000;

interface Attached {
  readonly start: StartFrame;
  readonly ranks: Set<number>;
  readonly live: LiveRun;
  readonly join: (connection: Connection, told: readonly Frame[]) => void;
}

/**
 * Takes in training that was started by hand: `GRADLENS=1 python train.py` in a terminal of this window connects by
 * itself, because the terminal's environment says where to.
 */
export class Attach extends Disposables {
  readonly #runs: Runs;
  readonly #logs: RunLogs;
  readonly #variables: EnvironmentVariableCollection;
  readonly #attached: Attached[] = [];
  #link: Link | null = null;
  /** Takes back what this window has told other processes. */
  #withdraw = () => {};
  #following: { close(): void } | null = null;

  constructor(runs: Runs, logs: RunLogs, variables: EnvironmentVariableCollection) {
    super();
    this.#runs = runs;
    this.#logs = logs;
    this.#variables = variables;
    variables.persistent = false; // the next window listens elsewhere
    variables.description = new MarkdownString('`GRADLENS=1 python train.py` shows its training here.');
    const look = () => {
      if (workspace.textDocuments.some(({ languageId }) => languageId === 'python')) void this.#listen();
    };
    this.add(workspace.onDidOpenTextDocument(look));
    look();
  }

  override dispose(): void {
    this.#withdraw();
    this.#link?.close();
    this.#following?.close();
    this.#variables.clear();
    super.dispose();
  }

  #listening: Promise<void> | null = null;

  /** Only in windows with Python in them. */
  #listen(): Promise<void> {
    this.#listening ??= this.#open();
    return this.#listening;
  }

  async #open(): Promise<void> {
    const link = await listen();
    this.#link = link;
    link.open((connection) => {
      connection.onFrames = (frames) => this.#welcome(connection, frames);
    });
    const budget = workspace.getConfiguration('gradlens').get<number>(SETTINGS.budget, DEFAULT_BUDGET);
    // Not by the names that a launched run gets: a terminal's environment is laid over a task's.
    const address = {
      GRADLENS_WINDOW_LINK: `127.0.0.1:${link.port}`,
      GRADLENS_WINDOW_TOKEN: link.token,
      // kept like any other run's, so that it can be opened again
      GRADLENS_WINDOW_LOG: `${await this.#logs.folder()}${path.sep}`,
      GRADLENS_WINDOW_OPTIONS: JSON.stringify({ budget }),
    };
    const variables = { ...address, PYTHONPATH: pythonPathWith(injectFolder()) };
    for (const [name, value] of Object.entries(variables)) this.#variables.replace(name, value);
    // A notebook's kernel gets the environment of this process, and needs the package by name: `%load_ext gradlens`.
    Object.assign(process.env, address, { PYTHONPATH: pythonPathWith(packageFolder()) });
    // A kernel that was started before, or by a Jupyter server, looks here instead.
    const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    try {
      this.#withdraw = postNotice({ folders, environment: address });
    } catch {
      // a home that can't be written to: terminals and kernels of this window know all the same
    }
  }

  #welcome(connection: Connection, frames: readonly Frame[]): void {
    const [start] = frames;
    if (start?.kind !== 'start') {
      connection.close();
      return;
    }
    const rank = start.rank ?? 0;
    const known = this.#attached.find(
      (one) =>
        start.rank !== undefined &&
        one.live.run.end === null &&
        one.start.script === start.script &&
        one.start.worldSize === start.worldSize &&
        !one.ranks.has(rank) &&
        Math.abs(one.start.startedAt - start.startedAt) < TOGETHER,
    );
    const attached = known ?? this.#begin(start);
    attached.ranks.add(rank);
    attached.join(connection, frames);
    if (!known) this.#runs.take(attached.live);
  }

  #begin(start: StartFrame): Attached {
    const { promise: gone, resolve } = Promise.withResolvers<Gone>();
    const pids = new Set<number>();
    const signal = (name: NodeJS.Signals) => {
      for (const pid of pids) {
        try {
          process.kill(pid, name);
        } catch {
          // gone already
        }
      }
    };
    const live = new LiveRun({
      gone,
      grace: 3000,
      async interrupt() {
        if (process.platform !== 'win32') signal('SIGINT');
        return null;
      },
      kill: () => signal('SIGKILL'),
      async lastWord() {
        const message = 'The training process has gone without a word.';
        return { introduction: [], error: { kind: 'error', name: 'Error', message, stack: null, site: null } };
      },
    });
    const open = new Set<Connection>();
    const attached: Attached = {
      start,
      ranks: new Set(),
      live,
      join(connection, told) {
        open.add(connection);
        const [first] = told;
        if (first.kind === 'start') pids.add(first.pid);
        live.adopt(connection, told);
        const { onClose } = connection;
        connection.onClose = () => {
          onClose();
          open.delete(connection);
          if (open.size === 0) resolve({ how: 'has gone', exitCode: null });
        };
      },
    };
    this.#attached.push(attached);
    void live.ended.then(() => this.#attached.splice(this.#attached.indexOf(attached), 1));
    return attached;
  }

  /** Shows the runs whose logs come into a folder: of ranks on other machines, say. */
  async followFolder(): Promise<void> {
    const [folder] =
      (await window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: 'Follow' })) ?? [];
    if (!folder) return;
    this.#following?.close();
    this.#following = followFolder(folder.fsPath, (live) => this.#runs.take(live));
    const name = path.basename(folder.fsPath);
    void window.showInformationMessage(`Following ${name}. A run appears as soon as its log does.`);
  }

  /** For a terminal elsewhere, on another machine say, whose run log is then opened here. */
  async copyCommand(): Promise<void> {
    const folder = 'gradlens-logs';
    const command = `GRADLENS=1 GRADLENS_LOG=${folder}/ PYTHONPATH="${injectFolder()}" python train.py`;
    await env.clipboard.writeText(command);
    const follow = 'Follow Run Folder…';
    const message = `Copied. In that terminal, put your script in its place; what it writes into ${folder} can be watched here.`;
    if ((await window.showInformationMessage(message, follow)) === follow)
      await commands.executeCommand(COMMANDS.followFolder);
  }
}
