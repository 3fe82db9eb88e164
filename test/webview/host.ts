/** Plays VS Code and the extension host within the page: bundled for the browser, loaded before the panel. */
import type { HostFunctions, PanelFunctions, PanelState } from '../../webview/protocol.ts';
import { connect } from '../../webview/rpc.ts';
import { magnitudes, running, STATES, type StateName, tensor } from './runs.ts';
import { THEMES, type ThemeName } from './themes.ts';

const parameters = new URLSearchParams(location.search);
const calls: unknown[][] = [];
let toHost: (message: unknown) => void = () => {};
let state: PanelState = STATES[(parameters.get('state') ?? 'noRun') as StateName]();

const host = connect<PanelFunctions, HostFunctions>(
  {
    ready: () => state,
    act: (...args) => void calls.push(['act', ...args]),
    revealLayer: (...args) => void calls.push(['revealLayer', ...args]),
    revealFinding: (...args) => void calls.push(['revealFinding', ...args]),
    revealPause: () => void calls.push(['revealPause']),
    chooseRank: (...args) => void calls.push(['chooseRank', ...args]),
    magnitudes: (layer) => magnitudes(layer, state),
    inspect: (request) => {
      calls.push(['inspect', request.of, request.id, [...request.start], [...request.count]]);
      return tensor(request);
    },
    revealError: () => {
      throw new Error('The file is gone.');
    },
  },
  {
    post: (message) => window.postMessage(message),
    on: (listener) => {
      toHost = listener;
      return () => {};
    },
  },
);

function setTheme(name: ThemeName): void {
  const { bodyClass, variables } = THEMES[name];
  document.body.className = bodyClass;
  document.documentElement.style.cssText = '';
  for (const [key, value] of Object.entries(variables))
    document.documentElement.style.setProperty(`--vscode-${key}`, value);
}

/** What tests see of it. */
const stub = {
  calls,
  violations: [] as string[],
  setTheme,
  show: (name: StateName) => {
    state = STATES[name]();
    return host.remote.show(state);
  },
  /** The same snapshot once more, without the cost of making it. */
  showAgain: () => host.remote.show(state),
  showRunning: (steps: number) => host.remote.show({ kind: 'run', run: running(steps) }),
  select: (name: string) => host.remote.selectLayer(name),
  inspect: (layer: string, label: string) => host.remote.inspectTensor(layer, label),
};
export type Stub = typeof stub;

document.addEventListener('securitypolicyviolation', (event) => {
  stub.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
setTheme((parameters.get('theme') ?? 'dark') as ThemeName);
Object.assign(window, {
  stub,
  acquireVsCodeApi: () => ({
    // A turn of the event loop and a copy lie between the two sides, as in VS Code.
    postMessage: (message: unknown) => setTimeout(() => toHost(structuredClone(message))),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (value: unknown) => sessionStorage.setItem('state', JSON.stringify(value)),
  }),
});
