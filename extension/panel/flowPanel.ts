import { randomBytes } from 'node:crypto';
import { commands, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window, workspace } from 'vscode';
import { noTensor } from '../../engine/host/questions.ts';
import { layerGroups } from '../../engine/run/groups.ts';
import { allRanks } from '../../engine/run/ranks.ts';
import type { Site } from '../../engine/site.ts';
import { panelHtml } from '../../webview/html.ts';
import type { HostFunctions, PanelFunctions, PanelState, RunAction } from '../../webview/protocol.ts';
import { type Connection, connect, type Local, type Remote } from '../../webview/rpc.ts';
import { Disposables } from '../dispose.ts';
import { reveal } from '../editor/reveal.ts';
import { COMMANDS, FLOW_VIEW } from '../ids.ts';
import type { Runs } from '../runs/runs.ts';
import type { Session } from '../runs/session.ts';
import { magnitudesView } from './magnitudesView.ts';
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
  /** A snapshot is being drawn, and there has been news since. */
  #sending = false;
  #news = false;
  /** What to do in a panel that isn't up yet. */
  #pending: ((panel: Remote<PanelFunctions>) => Promise<unknown>) | null = null;
  /** Whose numbers are shown; null for what all ranks have in common. */
  #rank: number | null = null;
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
    this.#ask((panel) => panel.selectLayer(name));
  }

  showTensor(layer: string, label: string): void {
    this.#ask((panel) => panel.inspectTensor(layer, label));
  }

  /** After a reload of the window: the run is gone from memory but its log is not. */
  async deserializeWebviewPanel(panel: WebviewPanel, state: { readonly runId?: string } | undefined): Promise<void> {
    this.#adopt(panel);
    if (!state?.runId) return;
    try {
      const log = await this.#runs.logOf(state.runId);
      // Whatever has been started in the meantime is what the person wants to see.
      if (log && !this.#runs.current) await this.#runs.open(log);
    } catch (error) {
      this.#unavailable = `The run could not be opened again. ${error instanceof Error ? error.message : error}`;
      this.#schedule();
    }
  }

  override dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#open?.panel.dispose();
    super.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    this.#open?.panel.dispose(); // one a window
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
      if (this.#open?.panel === panel) this.#open = null;
    });
    webview.html = panelHtml({
      scriptUri: webview.asWebviewUri(Uri.joinPath(folder, 'flow.js')).toString(),
      styleUri: webview.asWebviewUri(Uri.joinPath(folder, 'flow.css')).toString(),
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
    });
  }

  #offered(): Local<HostFunctions> {
    const go = async (place: (session: Session) => Site | null | undefined) => {
      const { current } = this.#runs;
      const site = current && place(current);
      if (site) await reveal(site, current);
    };
    return {
      ready: () => {
        this.#sending = false; // what was under way to the page before this one is lost
        setTimeout(() => void this.#askPending());
        return this.#state();
      },
      act: (action) => void commands.executeCommand(COMMAND_OF[action], ...this.#argumentsOf(action)),
      revealLayer: (name) => go(({ run }) => layerGroups(run).find((group) => group.name === name)?.site),
      revealFinding: (index) => go(({ living }) => living[index]?.finding.site),
      revealPause: () => go(({ pausedAt }) => pausedAt?.site),
      inspect: async (request) => {
        const { current } = this.#runs;
        return current ? current.inspect(request, this.#rank ?? undefined) : noTensor('There is no run.');
      },
      magnitudes: (name) => {
        const run = this.#runs.current?.run;
        const shown = run && ((this.#rank === null ? undefined : allRanks(run).get(this.#rank)) ?? run);
        const group = shown && layerGroups(shown).find((one) => one.name === name);
        return group ? magnitudesView(shown, group) : null;
      },
      chooseRank: (rank) => {
        this.#rank = rank;
        this.#schedule();
      },
      revealError: () => go(({ run }) => run.error?.site ?? run.end?.site),
    };
  }

  /** The panel's buttons are about the run it shows, whatever editor is active. */
  #argumentsOf(action: RunAction): unknown[] {
    const { current } = this.#runs;
    return current && action !== 'openRun' && action !== 'manageTrust' ? [Uri.file(current.script)] : [];
  }

  #state(): PanelState {
    const { current } = this.#runs;
    if (current) return { kind: 'run', run: runView(current, this.#rank) };
    if (this.#unavailable) return { kind: 'unavailable', message: this.#unavailable };
    return { kind: 'no-run', trusted: workspace.isTrusted };
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.#send(), this.#pause);
  }

  /** The panel answers once it has drawn, and gets the next snapshot only then: it never falls behind. */
  async #send(): Promise<void> {
    this.#timer = null;
    if (!this.#open?.panel.visible) return; // it asks anew when it comes back
    if (this.#sending) {
      this.#news = true;
      return;
    }
    const began = performance.now();
    const state = this.#state();
    this.#pause = Math.max(SHORTEST_PAUSE, (performance.now() - began) / SHARE);
    if (state.kind === 'run') this.#open.panel.title = `Gradient Flow: ${state.run.script}`;
    this.#sending = true;
    this.#news = false;
    await this.#open.connection.remote.show(state).catch(() => {}); // it was closed or hidden in the meantime
    this.#sending = false;
    if (this.#news) this.#schedule();
  }

  #ask(what: (panel: Remote<PanelFunctions>) => Promise<unknown>): void {
    this.#pending = what;
    this.show();
    void this.#askPending();
  }

  async #askPending(): Promise<void> {
    const asked = this.#pending;
    if (!asked || !this.#open) return;
    const done = await asked(this.#open.connection.remote).then(
      () => true,
      () => false, // it isn't up yet: it will say `ready`
    );
    if (done && this.#pending === asked) this.#pending = null;
  }
}

const COMMAND_OF: { readonly [K in RunAction]: string } = {
  run: COMMANDS.run,
  stop: COMMANDS.stop,
  pause: COMMANDS.pause,
  resume: COMMANDS.resume,
  step: COMMANDS.step,
  stepPhase: COMMANDS.stepPhase,
  openRun: COMMANDS.openRun,
  manageTrust: 'workbench.trust.manage',
};
