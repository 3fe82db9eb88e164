import path from 'node:path';
import {
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  commands,
  EventEmitter,
  languages,
  ProgressLocation,
  Range,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  ViewColumn,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { Finding, FindingId } from '../../engine/diagnose/finding.ts';
import { titleOf } from '../../engine/diagnose/titles.ts';
import type { Edit } from '../../engine/repair/edit.ts';
import { type Proposal, propose, sourcesOf } from '../../engine/repair/propose.ts';
import { tryRemedies } from '../../engine/repair/trial/trial.ts';
import { ranked, type TriedProposal } from '../../engine/repair/trial/verdict.ts';
import { Disposables } from '../dispose.ts';
import { guarded } from '../guarded.ts';
import { COMMANDS, INTERNAL_COMMANDS, SCRIPT_LANGUAGES } from '../ids.ts';
import type { Launcher } from '../launcher.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../runs/session.ts';
import type { Ignored } from './ignored.ts';
import { chooseToShow, ignore } from './ignoredMenu.ts';
import { openDocument } from './openDocument.ts';
import { chooseRemedy, trialInBrief, VERBS } from './remedyMenu.ts';
import { trialMarkdown } from './trialMarkdown.ts';

/** Documents that only exist to be looked at: remedied texts, tables of trials. */
const SCHEME = 'gradlens-remedy';

/** A finding's remedies as quick fixes on its problems: preview, try, apply, ignore. */
export class Remedies extends Disposables implements CodeActionProvider, TextDocumentContentProvider {
  readonly #runs: Runs;
  readonly #launcher: Launcher;
  readonly #texts = new Map<string, string>();
  readonly #results = new WeakMap<Session, Map<FindingId, Results>>();
  readonly #trials = new Set<AbortController>();
  #tables = 0;
  readonly #changed = this.add(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;

  constructor(runs: Runs, launcher: Launcher, ignored: Ignored) {
    super();
    this.#runs = runs;
    this.#launcher = launcher;
    const selector = SCRIPT_LANGUAGES.map((language) => ({ language, scheme: 'file' }));
    const providedCodeActionKinds = [CodeActionKind.QuickFix];
    this.add(languages.registerCodeActionsProvider(selector, this, { providedCodeActionKinds }));
    this.add(workspace.registerTextDocumentContentProvider(SCHEME, this));
    const on = (id: string, act: (...args: never[]) => unknown) => this.add(commands.registerCommand(id, guarded(act)));
    on(INTERNAL_COMMANDS.previewRemedy, (file: string, id: string, remedy: string) => this.#preview(file, id, remedy));
    on(INTERNAL_COMMANDS.otherRemedies, (file: string, id: string) => this.#others(file, id));
    on(INTERNAL_COMMANDS.tryRemedies, (file: string, id: string, remedy: string | null, seeds?: number) =>
      this.#try(file, id, remedy, seeds),
    );
    on(INTERNAL_COMMANDS.applyAndRun, (file: string, id: string, remedy: string) =>
      this.#applyAndRun(file, id, remedy),
    );
    on(INTERNAL_COMMANDS.ignoreFinding, (file: string, id: FindingId, line: string) => ignore(ignored, file, id, line));
    on(COMMANDS.showIgnored, () => chooseToShow(ignored));
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  async provideCodeActions(
    document: TextDocument,
    _range: Range,
    { diagnostics }: CodeActionContext,
  ): Promise<CodeAction[]> {
    const file = document.uri.fsPath;
    const actions: CodeAction[] = [];
    for (const diagnostic of diagnostics.filter(({ source, code }) => source === 'GradLens' && code)) {
      const id = String(diagnostic.code);
      const found = this.#find(file, id);
      if (!found) continue;
      const action = (title: string, command?: string, ...args: unknown[]) => {
        const made = new CodeAction(title, CodeActionKind.QuickFix);
        made.diagnostics = [diagnostic];
        if (command) made.command = { command, title, arguments: args };
        actions.push(made);
        return made;
      };
      const tried = this.#resultsOf(found, document.getText());
      const possible = await this.#possible(found, tried);
      for (const { id: remedy, title, edit } of possible) {
        const brief = trialInBrief(tried.get(remedy));
        const fix = action(brief ? `${title} — ${brief}` : title);
        fix.edit = workspaceEdit(edit);
        fix.isPreferred = remedy === possible[0].id && tried.get(remedy)?.trial.verdict === 'proven';
      }
      const [best, ...others] = possible;
      if (best) for (const { verb, command } of VERBS) action(`${verb}: ${best.title}`, command, file, id, best.id);
      const name = titleOf(found.finding.id).toLowerCase();
      if (others.length) {
        action(`Try all remedies: ${name}`, INTERNAL_COMMANDS.tryRemedies, file, id, null);
        action('Other remedies: preview, try, apply and run again…', INTERNAL_COMMANDS.otherRemedies, file, id);
      }
      const { text } = document.lineAt(diagnostic.range.start.line);
      action(`Ignore here: ${name}`, INTERNAL_COMMANDS.ignoreFinding, file, id, text);
    }
    return actions;
  }

  /** The remedies that are edits, what a trial has ranked first. */
  async #possible({ finding, session }: Found, tried: ReadonlyMap<string, TriedProposal>): Promise<PossibleProposal[]> {
    const all = (await propose(finding, session.run, textsNow(session))).filter(hasEdit);
    const order = [...tried.keys()];
    const rank = ({ id }: Proposal) => (order.includes(id) ? order.indexOf(id) : order.length);
    return all.toSorted((a, b) => rank(a) - rank(b));
  }

  /** What trials of a finding have shown, in their ranking; nothing once the text is another. */
  #resultsOf({ finding, session }: Found, text: string): ReadonlyMap<string, TriedProposal> {
    const results = this.#results.get(session)?.get(finding.id);
    return results && results.text === text ? results.tried : new Map();
  }

  /** All remedies but the first, which has rows of its own among the fixes. */
  async #others(file: string, id: string): Promise<void> {
    const found = this.#find(file, id);
    const document = openDocument(file);
    if (!found || !document) return;
    const tried = this.#resultsOf(found, document.getText());
    const [, ...others] = await this.#possible(found, tried);
    const chosen = await chooseRemedy(titleOf(found.finding.id), others, tried);
    if (chosen?.command) await commands.executeCommand(chosen.command, file, id, chosen.remedy);
  }

  #find(file: string, id: string): Found | null {
    const session = this.#runs.ofFile(file);
    const finding = session?.findings.find((other) => other.id === id);
    return session && finding ? { session, finding } : null;
  }

  /** A remedy for the text as it is now. */
  async #proposal({ finding, session }: Found, remedy: string): Promise<Proposal | undefined> {
    return (await propose(finding, session.run, textsNow(session))).find(({ id }) => id === remedy);
  }

  async #preview(file: string, id: string, remedy: string): Promise<void> {
    const found = this.#find(file, id);
    const proposal = found && (await this.#proposal(found, remedy));
    for (const [changed, { after }] of proposal?.edit?.texts ?? []) {
      const uri = this.#show(changed, after);
      await commands.executeCommand('vscode.diff', Uri.file(changed), uri, proposal?.title);
    }
  }

  /** The panel shows the new run beside the one before. */
  async #applyAndRun(file: string, id: string, remedy: string): Promise<void> {
    const found = this.#find(file, id);
    if (!found || !workspace.isTrusted) return;
    const { session, finding } = found;
    const proposal = await this.#proposal(found, remedy);
    if (!proposal?.edit) {
      void window.showInformationMessage(`Nothing was applied: ${proposal?.reason ?? 'the script has changed'}.`);
      return;
    }
    await workspace.applyEdit(workspaceEdit(proposal.edit));
    for (const changed of proposal.edit.texts.keys()) await openDocument(changed)?.save();
    const options = await this.#launcher.options(Uri.file(session.script));
    const starting = this.#runs.start(options, { before: { run: session.run, finding, remedy: proposal.title } });
    await commands.executeCommand(COMMANDS.openFlow);
    await starting;
  }

  /** One remedy, or all of them. */
  async #try(file: string, id: string, remedy: string | null, seeds?: number): Promise<void> {
    const found = this.#find(file, id);
    if (!found || !workspace.isTrusted) return;
    const { session, finding } = found;
    const texts = textsNow(session);
    const all = await propose(finding, session.run, texts);
    const proposals = remedy === null ? all : all.filter((proposal) => proposal.id === remedy);
    const launch = await this.#launcher.options(Uri.file(session.script), { quiet: true });
    const stop = new AbortController();
    const name = titleOf(finding.id).toLowerCase();
    const title = `Trying ${remedy === null ? 'remedies' : 'a remedy'} for ${name}`;
    const tried = await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        this.#trials.add(stop);
        token.onCancellationRequested(() => stop.abort());
        let before = 0;
        const trial = tryRemedies(finding, session.run, proposals, {
          seeds,
          texts,
          launch,
          signal: stop.signal,
          onProgress({ done, total, running }) {
            const message = [`run ${Math.min(done + 1, total)} of ${total}`, ...running].join(', ');
            progress.report({ message, increment: (100 * (done - before)) / total });
            before = done;
          },
        });
        try {
          return await trial;
        } catch (error) {
          if (stop.signal.aborted) return null;
          throw error;
        } finally {
          this.#trials.delete(stop);
        }
      },
    );
    if (!tried) return;
    this.#remember(found, file, texts, tried);
    // each of its own: the editor would go on showing an earlier table of that name for a moment
    const table = this.#show(
      path.join(path.dirname(session.script), `${titleOf(finding.id)} – trial ${++this.#tables}.md`),
      trialMarkdown(finding, tried),
    );
    await showTable(table);
    const best = tried.find(({ trial }) => trial.verdict === 'proven');
    void this.#offer(best ?? null, texts);
  }

  async #offer(best: Proposal | null, texts: ReadonlyMap<string, string>): Promise<void> {
    if (!best?.edit) return void window.showInformationMessage('No remedy is proven.');
    const choice = await window.showInformationMessage(`Proven: ${best.title}`, 'Apply');
    if (choice !== 'Apply') return;
    const changed = [...best.edit.texts.keys()].some((file) => (openText(file) ?? texts.get(file)) !== texts.get(file));
    if (changed) void window.showWarningMessage('The script has changed since the trial; nothing was applied.');
    else await workspace.applyEdit(workspaceEdit(best.edit));
  }

  #remember(
    { session, finding }: Found,
    file: string,
    texts: ReadonlyMap<string, string>,
    tried: TriedProposal[],
  ): void {
    const ofSession = this.#results.get(session) ?? new Map<FindingId, Results>();
    this.#results.set(session, ofSession);
    const text = texts.get(file) ?? '';
    const known = ofSession.get(finding.id);
    const before = known?.text === text ? [...known.tried.values()] : [];
    const fresh = new Set(tried.map(({ id }) => id));
    const all = ranked([...before.filter(({ id }) => !fresh.has(id)), ...tried.filter(({ trial }) => trial.seeds)]);
    ofSession.set(finding.id, { text, tried: new Map(all.map((one) => [one.id, one])) });
  }

  /** No trial outlives its window. */
  override dispose(): void {
    for (const trial of this.#trials) trial.abort();
    super.dispose();
  }

  #show(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: Uri.file(name).path });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }
}

/** Rendered, beside the script; as text where VS Code's own Markdown extension is switched off. */
async function showTable(table: Uri): Promise<void> {
  try {
    await commands.executeCommand('markdown.showPreviewToSide', table);
  } catch {
    await window.showTextDocument(table, { viewColumn: ViewColumn.Beside, preview: true });
  }
}

type PossibleProposal = Proposal & { readonly edit: Edit };

const hasEdit = (proposal: Proposal): proposal is PossibleProposal => proposal.edit !== null;

/** Of a text, what trials have shown by remedy, in their ranking. */
interface Results {
  readonly text: string;
  readonly tried: ReadonlyMap<string, TriedProposal>;
}

interface Found {
  readonly session: Session;
  readonly finding: Finding;
}

const openText = (file: string): string | undefined => openDocument(file)?.getText();

/** The run's files as the editor has them now. */
const textsNow = ({ run }: Session): Map<string, string> =>
  new Map([...sourcesOf(run)].map(([file, text]) => [file, openText(file) ?? text]));

/** All of a remedy is one undo. */
function workspaceEdit({ changes }: Edit): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const { file, range, newText } of changes) {
    const { start, end } = range;
    edit.replace(Uri.file(file), new Range(start.line, start.character, end.line, end.character), newText);
  }
  return edit;
}
