import { commands, window, workspace } from 'vscode';
import { Disposables } from './dispose.ts';
import { activeDocument, isScript } from './editor/activeScript.ts';
import { CONTEXT } from './ids.ts';
import type { Runs } from './runs/runs.ts';
import type { Session } from './runs/session.ts';

/** Also while a step is under way: buttons don't come and go with it. */
const isHeld = (session: Session | undefined) => session?.pausedAt != null;

/** Keeps the context keys true that decide which commands are listed. */
export class ContextKeys extends Disposables {
  readonly #runs: Runs;
  readonly #values = new Map<string, boolean>();
  /** The file of the document that is meant. */
  #file: string | null = null;

  constructor(runs: Runs) {
    super();
    this.#runs = runs;
    this.add(window.onDidChangeActiveTextEditor(() => this.#look()));
    this.add(window.onDidChangeVisibleTextEditors(() => this.#look()));
    this.add(workspace.onDidSaveTextDocument(() => this.#look()));
    this.add(runs.onDidChange(() => this.#lookAtRuns()));
    this.#look();
  }

  #look(): void {
    const document = activeDocument();
    this.#file = document?.uri.fsPath ?? null;
    this.#set(CONTEXT.isScript, document !== undefined && isScript(document));
    this.#lookAtRuns();
  }

  #lookAtRuns(): void {
    const live = this.#runs.live();
    this.#set(CONTEXT.running, live !== undefined);
    this.#set(CONTEXT.paused, isHeld(live));
    const ofScript = this.#runs.all.find((session) => session.isLive && session.script === this.#file);
    this.#set(CONTEXT.scriptRunning, ofScript !== undefined);
    this.#set(CONTEXT.scriptPaused, isHeld(ofScript));
    this.#set(CONTEXT.hasRun, this.#runs.current !== null);
  }

  #set(key: string, value: boolean): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }
}
