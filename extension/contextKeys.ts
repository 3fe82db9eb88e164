import { commands, type TextEditor, window, workspace } from 'vscode';
import { isScript } from '../engine/source/landmarks.ts';
import { Disposables } from './dispose.ts';
import { CONTEXT } from './ids.ts';
import type { Runs } from './runs/runs.ts';

/** Keeps the context keys true that decide which commands are listed. */
export class ContextKeys extends Disposables {
  readonly #values = new Map<string, boolean>();

  constructor(runs: Runs) {
    super();
    this.add(window.onDidChangeActiveTextEditor((editor) => this.#look(editor)));
    this.add(
      workspace.onDidSaveTextDocument((document) => {
        if (document === window.activeTextEditor?.document) this.#look(window.activeTextEditor);
      }),
    );
    this.add(
      runs.onDidChange(() => {
        const live = runs.all.find((session) => session.isLive);
        this.#set(CONTEXT.running, live !== undefined);
        this.#set(CONTEXT.paused, live?.status === 'paused');
        this.#set(CONTEXT.hasRun, runs.current !== null);
      }),
    );
    this.#look(window.activeTextEditor);
  }

  #look(editor: TextEditor | undefined): void {
    // The output channel and the panel can be "active" while the script still stands beside them: they change nothing.
    if (editor && editor.document.uri.scheme !== 'file' && editor.document.uri.scheme !== 'untitled') return;
    this.#set(CONTEXT.isScript, editor !== undefined && isScript(editor.document.getText()));
  }

  #set(key: string, value: boolean): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }
}
