import path from 'node:path';
import {
  commands,
  type Disposable,
  ProgressLocation,
  type QuickPickItem,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { plural } from '../engine/diagnose/phrases.ts';
import { titleOf } from '../engine/diagnose/titles.ts';
import { SCRIPT_NAME } from '../engine/host/launch.ts';
import type { StepUntil } from '../engine/host/liveRun.ts';
import { layerGroups } from '../engine/run/groups.ts';
import type { Attach } from './attach.ts';
import { Disposables } from './dispose.ts';
import { activeDocument } from './editor/activeScript.ts';
import { guarded } from './guarded.ts';
import { COMMANDS, INTERNAL_COMMANDS } from './ids.ts';
import type { Launcher } from './launcher.ts';
import type { Output } from './output.ts';
import type { FlowPanel } from './panel/flowPanel.ts';
import { tensorsOf } from './panel/tensors.ts';
import type { RunLogs } from './runs/logs.ts';
import type { Runs } from './runs/runs.ts';
import type { Session } from './runs/session.ts';

export interface CommandContext {
  readonly runs: Runs;
  readonly logs: RunLogs;
  readonly launcher: Launcher;
  readonly attach: Attach;
  readonly panel: FlowPanel;
  readonly output: Output;
}

export function registerCommands(context: CommandContext): Disposable {
  const { runs, attach, panel, output } = context;
  const all = new Disposables();
  const on = (id: string, act: (...args: never[]) => unknown) => all.add(commands.registerCommand(id, guarded(act)));
  on(COMMANDS.run, (uri?: Uri) => run(context, uri));
  on(COMMANDS.runWithArguments, (uri?: Uri) => runWithArguments(context, uri));
  on(COMMANDS.diagnose, (uri?: Uri) => diagnose(context, uri));
  on(COMMANDS.stop, (uri?: Uri) => meant(runs, uri)?.stop());
  on(COMMANDS.pause, (uri?: Uri) => meant(runs, uri)?.pause());
  on(COMMANDS.resume, (uri?: Uri) => meant(runs, uri)?.resume());
  on(COMMANDS.step, (uri?: Uri) => step(runs, uri, 'step'));
  on(COMMANDS.stepPhase, (uri?: Uri) => step(runs, uri, 'phase'));
  on(COMMANDS.inspect, (uri?: Uri) => chooseTensor(context, uri));
  on(COMMANDS.openFlow, () => panel.show());
  on(COMMANDS.openRun, () => openRun(context));
  on(COMMANDS.followFolder, async () => {
    await attach.followFolder();
    panel.show();
  });
  on(COMMANDS.copyAttachCommand, () => attach.copyCommand());
  on(COMMANDS.showLog, () => output.show(runs.current));
  on(INTERNAL_COMMANDS.openLayer, (id: string, name: string) => {
    const session = runs.byId(id);
    if (session) runs.show(session);
    panel.showLayer(name);
  });
  on(INTERNAL_COMMANDS.inspectTensor, (id: string, layer: string, label: string) => {
    const session = runs.byId(id);
    if (session?.pausedAt) inspectTensor(context, session, layer, label);
    else void window.showInformationMessage('Tensors can be looked into while the run is paused.');
  });
  return all;
}

/** The live run that a command is about: of the file it was given, of the active editor's, or else the current one. */
const meant = (runs: Runs, uri: Uri | undefined): Session | undefined =>
  runs.live((uri ?? activeDocument()?.uri)?.fsPath);

/** The paused run that a command is about; a word why there is none. */
function paused(runs: Runs, uri: Uri | undefined): Session | null {
  const session = meant(runs, uri);
  if (session?.pausedAt) return session;
  void window.showInformationMessage(
    session ? `${session.name} is not paused. Pause it first.` : 'Nothing is running.',
  );
  return null;
}

const step = (runs: Runs, uri: Uri | undefined, until: StepUntil) => paused(runs, uri)?.step(until);

async function chooseTensor(context: CommandContext, uri: Uri | undefined): Promise<void> {
  const session = paused(context.runs, uri);
  if (!session) return;
  const items = layerGroups(session.run).flatMap((group) =>
    tensorsOf(group).map(({ label }) => ({ label: `${group.name} ${label}`, layer: group.name, tensor: label })),
  );
  const choice = await window.showQuickPick(items, { placeHolder: 'Which tensor?' });
  if (choice) inspectTensor(context, session, choice.layer, choice.tensor);
}

function inspectTensor({ runs, panel }: CommandContext, session: Session, layer: string, label: string): void {
  runs.show(session);
  panel.showTensor(layer, label);
}

async function run(context: CommandContext, uri: Uri | undefined): Promise<void> {
  const script = await scriptToRun(uri);
  if (script) await runScript(context, script);
}

/** As it was run last, or as a person now says. */
async function runWithArguments(context: CommandContext, uri: Uri | undefined): Promise<void> {
  const script = await scriptToRun(uri);
  if (!script || !(await context.launcher.askForArguments(script))) return;
  await runScript(context, script);
}

async function runScript({ runs, launcher, panel, output }: CommandContext, script: Uri): Promise<void> {
  await showScript(script);
  const starting = runs.start(await launcher.options(script)); // the process and the panel come up side by side
  panel.show();
  const session = await starting;
  if (!session) return;
  await session.ended;
  const { error, end } = session.run;
  if (end?.ended !== 'failed' || panel.isVisible) return; // the panel says it
  const what = error ? `${error.name}: ${error.message}` : (end.message ?? 'The run failed.');
  const choice = await window.showErrorMessage(`${session.name}: ${what}`, 'Show Log');
  if (choice) output.show(session);
}

/** The panel opens beside the script; run from the Explorer, it may not be on the screen yet. */
async function showScript(script: Uri): Promise<void> {
  const visible = window.visibleTextEditors.some(({ document }) => document.uri.toString() === script.toString());
  if (!visible) await window.showTextDocument(script, { viewColumn: ViewColumn.One });
}

/** In the background, with progress; the findings go to the Problems view. */
async function diagnose({ runs, launcher, panel }: CommandContext, uri: Uri | undefined): Promise<void> {
  const script = await scriptToRun(uri);
  if (!script) return;
  const session = await window.withProgress(
    { location: ProgressLocation.Notification, title: `Diagnosing ${path.basename(script.fsPath)}`, cancellable: true },
    async (progress, token) => {
      const options = await launcher.options(script, { quiet: true });
      const started = await runs.start(options, { untilSettled: true });
      if (!started) return null;
      const told = started.onDidChange(() => progress.report({ message: `step ${started.run.stepCount}` }));
      const cancelled = token.onCancellationRequested(() => void started.stop());
      await started.ended;
      told.dispose();
      cancelled.dispose();
      return token.isCancellationRequested ? null : started;
    },
  );
  if (!session) return;
  const choice = await window.showInformationMessage(verdictText(session), 'Open Gradient Flow', 'Show Problems');
  if (choice === 'Open Gradient Flow') panel.show();
  if (choice === 'Show Problems') void commands.executeCommand('workbench.actions.view.problems');
}

function verdictText({ name, run, findings, status }: Session): string {
  const after = `after ${plural(run.stepCount, 'step')}`;
  if (status === 'failed') return `${name} failed ${after}: ${run.error?.message ?? run.end?.message}`;
  if (findings.length === 0) return `${name}: nothing found ${after}.`;
  return `${name}: ${findings.map(({ id }) => titleOf(id).toLowerCase()).join(', ')} ${after}.`;
}

const BROWSE = 'Browse…';

async function openRun({ runs, logs, panel }: CommandContext): Promise<void> {
  const recent = (await logs.list()).map((entry): QuickPickItem & { file?: string } => ({
    label: entry.name.replace(/[ -]\d{4}-\d\d-\d\dT.*$/, ''),
    description: entry.modified.toLocaleString(),
    file: entry.file,
  }));
  const choice = await window.showQuickPick([...recent, { label: BROWSE, description: 'a run log on disk' }], {
    placeHolder: 'Which run?',
  });
  if (!choice) return;
  let file = 'file' in choice ? choice.file : undefined;
  if (!file) {
    const picked = await window.showOpenDialog({ filters: { 'Run logs': ['gradlens'] }, openLabel: 'Open Run' });
    file = picked?.[0].fsPath;
  }
  if (!file) return;
  await runs.open(file);
  panel.show();
}

/** The script meant, saved; null (and a word why) if it can't be run. */
async function scriptToRun(uri: Uri | undefined): Promise<Uri | null> {
  const script = uri instanceof Uri ? uri : activeDocument()?.uri;
  if (!workspace.isTrusted) {
    const manage = 'Manage Workspace Trust';
    const choice = await window.showWarningMessage(
      'GradLens runs no scripts in a folder that is not trusted, because a script can do anything that you can.',
      manage,
    );
    if (choice === manage) await commands.executeCommand('workbench.trust.manage');
    return null;
  }
  if (!script) {
    void window.showInformationMessage(
      'Open a training script first: Python that imports torch, or TypeScript or JavaScript that imports gradlens.',
    );
    return null;
  }
  if (script.scheme !== 'file' || !SCRIPT_NAME.test(script.path)) {
    const what = script.scheme === 'file' ? path.basename(script.path) : 'A file that has not been saved';
    void window.showWarningMessage(`${what} can't be run. GradLens runs saved .py, .ts, .mts, .js and .mjs files.`);
    return null;
  }
  const document = workspace.textDocuments.find((open) => open.uri.toString() === script.toString());
  if (!document && !workspace.getWorkspaceFolder(script) && !(await wantsForeign(script))) return null;
  if (document?.isDirty && !(await document.save())) return null;
  return script;
}

/** A log from elsewhere may name any script: one that is neither open nor in the workspace isn't run unasked. */
async function wantsForeign(script: Uri): Promise<boolean> {
  const detail = 'It is not in this workspace. A script can do anything that you can.';
  return (await window.showWarningMessage(`Run ${script.fsPath}?`, { modal: true, detail }, 'Run')) === 'Run';
}
