import { html, nothing, type TemplateResult } from 'lit-html';
import type { ChangedView, PauseView, RunAction, RunStatus, RunView } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { formatInteger, formatNorm, formatNumber, formatSeconds, plural } from './format.ts';
import { icons, SEVERITY_ICONS } from './icons.ts';
import { hasEnded } from './state.ts';

const STATUS: Readonly<Record<RunStatus, { word: string; icon: TemplateResult }>> = {
  starting: { word: 'Starting', icon: icons.spinner },
  running: { word: 'Running', icon: icons.spinner },
  paused: { word: 'Paused', icon: icons.paused },
  stepping: { word: 'Stepping', icon: icons.spinner },
  stopping: { word: 'Stopping', icon: icons.spinner },
  completed: { word: 'Completed', icon: icons.done },
  stopped: { word: 'Stopped', icon: icons.stopped },
  failed: { word: 'Failed', icon: SEVERITY_ICONS.error },
  settled: { word: 'Diagnosed', icon: icons.done },
};

export function header(run: RunView, { act, revealPause }: Actions): TemplateResult {
  const status = STATUS[run.status];
  const { step, loss } = run.history;
  const last = step.length - 1;
  const ended = hasEnded(run.status);
  return html`
    <header class="bar">
      <h1 title=${`${run.script} · ${run.engine === 'torch' ? 'PyTorch' : 'embedded engine'}`}>${run.script}</h1>
      <span class="status status-${run.status}" role="status">${status.icon}<span>${status.word}</span></span>
      <dl class="facts">
        ${run.stepCount === 0 ? nothing : fact('Steps', formatInteger(run.stepCount))}
        ${last < 0 ? nothing : fact('Loss', Number.isNaN(loss[last]) ? 'NaN' : formatNumber(loss[last]))}
        ${
          ended && run.seconds > 0
            ? fact('Time', formatSeconds(run.seconds))
            : run.stepsPerSecond > 0
              ? fact('Speed', `${formatNumber(run.stepsPerSecond)} steps/s`)
              : nothing
        }
        ${run.changed ? gradients(run.changed) : nothing}
        ${run.measured ? html`<div class="note" title=${MEASURED[run.engine]}>${run.measured}</div>` : nothing}
      </dl>
      <div class="buttons" role="toolbar" aria-label="Run">${buttons(run.status, act)}</div>
    </header>
    ${run.pause ? pausedAt(run.pause, revealPause) : nothing}
    ${run.message || run.missedSteps ? html`<p class="message">${run.message ?? ''} ${missed(run.missedSteps)}</p>` : nothing}
  `;
}

const MEASURED = {
  torch:
    'Between these steps only the loss is known. gradlens.budget says how much of the training time measuring may take.',
  embedded: 'Parameters are measured at every step, what is told here as often as fits into 5 % of the training time.',
};

const PHASES = ['forward', 'backward', 'update'] as const;

/** Where the run is held: the phases in their order, with a mark before the one that comes next. */
function pausedAt({ phase, step, place }: PauseView, reveal: () => void): TemplateResult {
  return html`<p class="paused-at" role="status">
    <span>Step ${formatInteger(step)}, before</span>
    <span class="phases">${PHASES.map((name) => (name === phase ? html`<strong>${name}</strong>` : html`<span aria-hidden="true">${name}</span>`))}</span>
    ${place ? html`<button class="link place" title="Go to ${place}" @click=${reveal}>${place}</button>` : nothing}
  </p>`;
}

function fact(name: string, value: string): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** Gradients are shown as the update used them. */
function gradients({ how, before, after }: ChangedView): TemplateResult {
  const title = `Norm of all gradients together at the last measured step: ${formatNorm(before)} after the backward pass, ${formatNorm(after)} as the update used them. Everything else shows them as they were used.`;
  return html`<div title=${title}><dt>Gradients ${how}</dt><dd>${formatNorm(before)} → ${formatNorm(after)}</dd></div>`;
}

function missed(steps: number) {
  if (!steps) return nothing;
  const title = 'The script was faster than they could be recorded. Its training is not affected.';
  return html`<span title=${title}>${plural(steps, 'step')} not recorded.</span>`;
}

function buttons(status: RunStatus, act: (action: RunAction) => void) {
  const button = (action: RunAction, label: string, icon: TemplateResult, disabled = false) => html`
    <button class="icon-button" data-action=${action} title=${label} aria-label=${label} ?disabled=${disabled} @click=${() => act(action)}>
      ${icon}
    </button>`;
  const open = button('openRun', 'Open Run…', icons.folder);
  if (hasEnded(status)) return [button('run', 'Run Again', icons.again), open];
  const stop = button('stop', 'Stop', icons.stop, status === 'stopping');
  if (status === 'paused' || status === 'stepping') {
    const busy = status === 'stepping';
    return [
      button('resume', 'Resume (F5)', icons.resume),
      button('step', 'Step: to the next step (F10)', icons.step, busy),
      button('stepPhase', 'Step a Phase: forward, backward, update (F11)', icons.stepPhase, busy),
      stop,
      open,
    ];
  }
  return [button('pause', 'Pause', icons.pause, status !== 'running'), stop, open];
}
