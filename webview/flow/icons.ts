import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit-html';
import type { FindingView, LayerVerdict } from '../protocol.ts';

function icon(content: SVGTemplateResult, name = ''): TemplateResult {
  return html`<svg class="icon ${name}" viewBox="0 0 16 16" aria-hidden="true" fill="currentColor">${content}</svg>`;
}

const outline = (d: string) =>
  svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round"/>`;

export const icons = {
  run: icon(
    svg`<path d="M4 2.5v11l9-5.5z" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round"/>`,
  ),
  resume: icon(svg`<path d="M3 2.5h1.6v11H3zM6.5 2.5v11l8-5.5z"/>`),
  pause: icon(svg`<path d="M4 3h2.4v10H4zM9.6 3H12v10H9.6z"/>`),
  stop: icon(svg`<path d="M3.5 3.5h9v9h-9z" fill="none" stroke="currentColor" stroke-width="1.4"/>`),
  step: icon(
    svg`${outline('M2.2 7.2C3 4.6 5.2 2.9 8 2.9c2.5 0 4.5 1.4 5.5 3.5')}${outline('M13.9 3.2v3.4h-3.4')}<circle cx="8" cy="11.5" r="2"/>`,
  ),
  stepPhase: icon(svg`${outline('M8 1.8v6M5.4 5.4L8 8l2.6-2.6')}<circle cx="8" cy="12" r="2"/>`),
  previous: icon(outline('M9.8 3.5L5.3 8l4.5 4.5')),
  next: icon(outline('M6.2 3.5L10.7 8l-4.5 4.5')),
  again: icon(svg`${outline('M12.9 6.2A5.3 5.3 0 1 0 13.3 9')}<path d="M13.9 2.6v4.2H9.7z"/>`),
  goTo: icon(outline('M3 2.5v5.2c0 1.6 1 2.6 2.6 2.6h7M9.4 7l3.3 3.3-3.3 3.3')),
  folder: icon(outline('M1.8 12.8V3.2h4.4l1.6 1.9h6.4v7.7z')),
  done: icon(outline('M2.8 8.6l3.3 3.3 7.1-7.6')),
  spinner: icon(outline('M8 1.8A6.2 6.2 0 1 1 1.8 8'), 'spinner'),
  paused: icon(svg`<path d="M4.5 3.5h2v9h-2zM9.5 3.5h2v9h-2z"/>`),
  stopped: icon(svg`<path d="M4 4h8v8H4z"/>`),
  flow: icon(
    svg`${outline('M1.8 2v12.2h12.4')}${outline('M3.8 4.2c2.6.2 2.6 6.6 5.2 7.1 1.8.3 3.3.4 4.8.4')}`,
    'large',
  ),
  shield: icon(outline('M8 1.6l5.2 1.9v4c0 3.3-2.2 5.6-5.2 6.9-3-1.3-5.2-3.6-5.2-6.9v-4zM8 5v3.6M8 10.9v.1'), 'large'),
};

const error = icon(
  svg`${outline('M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8z')}${outline('M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4')}`,
  'error',
);
const warning = icon(outline('M8 2.2l6.2 11.3H1.8zM8 6.3v3.6M8 11.6v.1'), 'warning');
const information = icon(outline('M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM8 7.4v3.8M8 4.9v.1'), 'information');

export const SEVERITY_ICONS: Readonly<Record<FindingView['severity'], TemplateResult>> = {
  error,
  warning,
  information,
};

/** The shapes of the depth profile's points. */
export const VERDICT_ICONS: Readonly<Record<LayerVerdict, TemplateResult>> = {
  unknown: icon(svg`<circle cx="8" cy="8" r="4" fill="none" stroke="currentColor" stroke-width="1.5"/>`, 'unknown'),
  healthy: icon(svg`<circle cx="8" cy="8" r="4.5"/>`, 'healthy'),
  concerned: icon(svg`<path d="M8 2.6L13.4 8 8 13.4 2.6 8z"/>`, 'concerned'),
  vanishing: icon(svg`<path d="M8 13L2.8 4h10.4z"/>`, 'vanishing'),
  exploding: icon(svg`<path d="M8 3l5.2 9H2.8z"/>`, 'exploding'),
  'non-finite': icon(svg`<path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" stroke-width="2.2"/>`, 'non-finite'),
};
