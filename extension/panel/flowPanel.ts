import { randomBytes } from 'node:crypto';
import { commands, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window, workspace } from 'vscode';
import { layerGroups } from '../../engine/run/groups.ts';
import type { Site } from '../../engine/site.ts';
import { panelHtml } from '../../webview/html.ts';
import type { HostFunctions, PanelFunctions, PanelState, RunAction } from '../../webview/protocol.ts';
import { type Connection, connect } from '../../webview/rpc.ts';
import { Disposables } from '../dispose.ts';
import { reveal } from '../editor/reveal.ts';
import { COMMANDS, FLOW_VIEW } from '../ids.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../runs/session.ts';
import { runView } from './runView.ts';

/** At most this share of time goes into snapshots for the panel; a large model's are sent less often. */
const SHARE = 0.2;
const SHORTEST_PAUSE = 80;

/** The Gradient Flow panel: one a window, always showing the current run. */
export class FlowPanel extends Disposables implements WebviewPanelSerializer {
  readonly #runs: Runs;
  readonly #extension: Uri;
  #open: { readonly panel: WebviewPanel; readonly connection: Connection<PanelFunctions> } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #pause = SHORTEST_PAUSE;
  #pendingLayer: string | null = null;
  #unavailable: string | null = null;

  constructor(runs: Runs, extension: Uri) {
    super();
    this.#runs = runs;
    this.#extension = extension;
    this.add(window.registerWebviewPanelSerializer(FLOW_VIEW, this));
    this.add(runs.onDidChange((session) => session === runs.current && this.#schedule()));
    this.add(workspace.onDidGrantWorkspaceTrust(() => this.#schedule()));
  }

  get isVisible(): boolean {
    return this.#open?.panel.visible ?? false;
  }

  /** Opens the panel beside the editor, or brings it to the front. */
  show(): void {
    if (this.#open) this.#open.panel.reveal(undefined, true);
    else {
      const where = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      this.#adopt(window.createWebviewPanel(FLOW_VIEW, 'Gradient Flow', where, { retainContextWhenHidden: false }));
    }
    this.#schedule();
  }

  showLayer(name: string): void {
    this.#pendingLayer = name;
    this.show();
    void this.#selectPending();
  }

  /** After a reload of the window: the run is gone from memory but its log is not. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: { readonly runId?: string } | undefined): Promise<void> {
    const { runId } = state ?? {};
    if (runId && !this.#runs.current) {
      try {
        await this.#runs.reopen(runId);
      } catch (error) {
        this.#unavailable = `The run could not be opened again. ${error instanceof Error ? error.message : error}`;
      }
    }
    this.#adopt(panel);
  }

  override dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#open?.panel.dispose();
    super.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    const { webview } = panel;
    const folder = Uri.joinPath(this.#extension, 'dist', 'webview');
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.iconPath = Uri.joinPath(this.#extension, 'media', 'flow.svg');
    const connection = connect<PanelFunctions, HostFunctions>(this.#offered(), {
      post: (message) => webview.postMessage(message),
      on: (listener) => {
        const subscription = webview.onDidReceiveMessage(listener);
        return () => subscription.dispose();
      },
    });
    this.#open = { panel, connection };
    panel.onDidChangeViewState(() => this.#schedule());
    panel.onDidDispose(() => {
      connection.close();
      this.#open = null;
    });
    webview.html = panelHtml({
      scriptUri: webview.asWebviewUri(Uri.joinPath(folder, 'flow.js')).toString(),
      styleUri: webview.asWebviewUri(Uri.joinPath(folder, 'flow.css')).toString(),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
    });
  }

  #offered(): HostFunctions {
    const go = (site: Site | null | undefined, session: Session) => void (site && reveal(site, session));
    const withRun = (act: (session: Session) => void) => {
      const { current } = this.#runs;
      if (current) act(current);
    };
    return {
      ready: () => {
        setTimeout(() => void this.#selectPending());
        return this.#state();
      },
      act: (action) => void commands.executeCommand(COMMAND_OF[action], ...this.#argumentsOf(action)),
      revealLayer: (name) =>
        withRun((session) => go(layerGroups(session.run).find((group) => group.name === name)?.site, session)),
      revealFinding: (index) => withRun((session) => go(session.findings[index]?.site, session)),
      revealError: () => withRun((session) => go(session.run.error?.site ?? session.run.end?.site, session)),
    };
  }

  /** The panel's buttons are about the run it shows, whatever editor is active. */
  #argumentsOf(action: RunAction): unknown[] {
    const { current } = this.#runs;
    return current && action !== 'openRun' && action !== 'manageTrust' ? [Uri.file(current.script)] : [];
  }

  #state(): PanelState {
    const { current } = this.#runs;
    if (current) return { kind: 'run', run: runView(current) };
    if (this.#unavailable) return { kind: 'unavailable', message: this.#unavailable };
    return { kind: 'no-run', trusted: workspace.isTrusted };
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#send(), this.#pause);
  }

  async #send(): Promise<void> {
    this.#timer = null;
    if (!this.#open?.panel.visible) return; // it asks anew when it comes back
    const began = performance.now();
    const state = this.#state();
    this.#pause = Math.max(SHORTEST_PAUSE, (performance.now() - began) / SHARE);
    if (state.kind === 'run') this.#open.panel.title = `Gradient Flow: ${state.run.script}`;
    await this.#open.connection.remote.show(state).catch(() => {}); // it was closed or hidden in the meantime
  }

  async #selectPending(): Promise<void> {
    if (!this.#pendingLayer || !this.#open) return;
    const selected = await this.#open.connection.remote.selectLayer(this.#pendingLayer).then(
      () => true,
      () => false, // it isn't up yet: it will say `ready`
    );
    if (selected) this.#pendingLayer = null;
  }
}

const COMMAND_OF: { readonly [K in RunAction]: string } = {
  run: COMMANDS.run,
  stop: COMMANDS.stop,
  pause: COMMANDS.pause,
  resume: COMMANDS.resume,
  openRun: COMMANDS.openRun,
  manageTrust: 'workbench.trust.manage',
};
