import { html, type TemplateResult } from 'lit-html';
import type { PanelState, RunAction } from '../protocol.ts';
import type { Actions } from './actions.ts';
import { icons } from './icons.ts';

/** What there is to say when there's no run to show. */
export function empty(panel: Exclude<PanelState, { kind: 'run' }>, { act }: Actions): TemplateResult {
  const button = (action: RunAction, label: string, secondary = false) => html`
    <button class="button ${secondary ? 'secondary' : ''}" data-action=${action} @click=${() => act(action)}>${label}</button>`;
  if (panel.kind === 'unavailable')
    return page(
      icons.flow,
      'Gradient flow is not available',
      html`<p>${panel.message}</p>`,
      button('openRun', 'Open Run…', true),
    );
  if (!panel.trusted)
    return page(
      icons.shield,
      'This folder is not trusted',
      html`<p>A run executes the script, so GradLens runs nothing in Restricted Mode. Recorded runs can still be opened.</p>`,
      html`${button('manageTrust', 'Manage Workspace Trust')}${button('openRun', 'Open Run…', true)}`,
    );
  return page(
    icons.flow,
    'See how the gradient flows',
    html`<p>
      Open a script that trains a model, in TypeScript, JavaScript or Python, and run it. Every layer's gradient appears
      here, live, step by step.
    </p>`,
    html`${button('run', 'Run Script')}${button('openRun', 'Open Run…', true)}`,
  );
}

function page(icon: TemplateResult, title: string, text: TemplateResult, buttons: TemplateResult): TemplateResult {
  return html`<main class="empty">${icon}<h1>${title}</h1>${text}<div class="actions">${buttons}</div></main>`;
}
