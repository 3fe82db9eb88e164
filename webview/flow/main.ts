import { render } from 'lit-html';
import type { HostFunctions, PanelFunctions } from '../protocol.ts';
import { connect } from '../rpc.ts';
import type { Actions } from './actions.ts';
import { hostChannel, vscode } from './bridge.ts';
import { empty } from './empty.ts';
import { RunPage } from './run.ts';
import { type Change, type Intent, initialModel, reduce } from './state.ts';
import { onThemeChange, readTheme } from './theme.ts';

const app = document.getElementById('app')!;
let model = initialModel(vscode.getState() as Partial<Intent> | undefined);
let theme = readTheme();
let frame = 0;
let drawn = Promise.withResolvers<void>();

const { remote } = connect<HostFunctions, PanelFunctions>(
  {
    // Settles when it is drawn: a host that waits for it never sends more than can be seen.
    show: (state) => {
      change({ kind: 'show', state });
      return drawn.promise;
    },
    selectLayer: (layer) => change({ kind: 'select', layer }),
    inspectTensor: (layer, label) => {
      change({ kind: 'select', layer });
      page.inspector.choose(label);
    },
  },
  hostChannel,
);

const settle = (call: Promise<unknown>) =>
  void call.catch((error: Error) => change({ kind: 'notice', text: error.message }));
const actions: Actions = {
  change,
  selected: () => model.intent.layer,
  act: (action) => settle(remote.act(action)),
  revealLayer: (name) => settle(remote.revealLayer(name)),
  revealFinding: (index) => settle(remote.revealFinding(index)),
  revealError: () => settle(remote.revealError()),
  revealPause: () => settle(remote.revealPause()),
  chooseRank: (rank) => settle(remote.chooseRank(rank)),
  magnitudes: (layer) => remote.magnitudes(layer),
  inspect: (request) => remote.inspect(request),
};
const page = new RunPage(actions, schedule);

function change(change: Change): void {
  const before = model.intent;
  model = reduce(model, change);
  if (model.intent !== before) vscode.setState(model.intent);
  schedule();
}

function schedule(): void {
  // A hidden panel has no frames, but whoever waits for a snapshot must hear of it.
  frame ||= document.hidden ? setTimeout(draw) : requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  const { panel } = model;
  const { dataset } = document.body;
  if (panel?.kind === 'run') {
    render(page.template(panel.run, model, theme), app);
    const { points, shown } = page.draw(panel.run, model, theme);
    Object.assign(dataset, {
      status: panel.run.status,
      points,
      layers: panel.run.layers.length,
      findings: panel.run.findings.length,
      step: shown.index < 0 ? '' : shown.step,
      live: shown.live,
      selected: model.intent.layer ?? '',
    });
  } else if (panel) {
    render(empty(panel, actions), app);
    dataset.status = panel.kind === 'no-run' && !panel.trusted ? 'untrusted' : panel.kind;
    dataset.points = '0';
  }
  drawn.resolve();
  drawn = Promise.withResolvers();
}

document.addEventListener('visibilitychange', () => {
  if (frame) draw();
});
onThemeChange(() => {
  theme = readTheme();
  schedule();
});
remote.ready().then(
  (state) => change({ kind: 'show', state }),
  (error: Error) => change({ kind: 'show', state: { kind: 'unavailable', message: error.message } }),
);
