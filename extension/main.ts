import type { ExtensionContext } from 'vscode';
import { Uri } from 'vscode';
import { Attach } from './attach.ts';
import { registerCommands } from './commands.ts';
import { ContextKeys } from './contextKeys.ts';
import { RunLenses } from './editor/codeLens.ts';
import { RunHover } from './editor/hover/hover.ts';
import { Ignored } from './editor/ignored.ts';
import { PausedLine } from './editor/pausedLine.ts';
import { Problems } from './editor/problems.ts';
import { Remedies } from './editor/remedies.ts';
import { SourceMaps } from './editor/sourceMaps.ts';
import { Launcher } from './launcher.ts';
import { Output } from './output.ts';
import { FlowPanel } from './panel/flowPanel.ts';
import { RunLogs } from './runs/logs.ts';
import { Runs } from './runs/runs.ts';
import { StatusBar } from './statusBar.ts';

let runs: Runs | null = null;

export function activate(context: ExtensionContext): void {
  const { subscriptions } = context;
  const logs = new RunLogs(Uri.joinPath(context.globalStorageUri, 'runs').fsPath);
  runs = new Runs(logs);
  const maps = new SourceMaps();
  const ignored = new Ignored(context.workspaceState);
  const launcher = new Launcher(context.workspaceState);
  const output = new Output(runs);
  const panel = new FlowPanel(runs, context.extensionUri);
  const attach = new Attach(runs, logs, context.environmentVariableCollection);
  subscriptions.push(
    attach,
    output,
    panel,
    new StatusBar(runs),
    new ContextKeys(runs),
    ignored,
    new Problems(runs, maps, ignored),
    new Remedies(runs, launcher, ignored),
    new RunHover(runs, maps),
    new PausedLine(runs, maps, context.extensionUri),
    new RunLenses(runs),
    registerCommands({ runs, logs, launcher, attach, panel, output }),
  );
}

/** VS Code waits for this: no training process outlives its window. */
export async function deactivate(): Promise<void> {
  await runs?.dispose();
}
