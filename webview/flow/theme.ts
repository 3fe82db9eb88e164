import type { LayerVerdict } from '../protocol.ts';
import { css, depthRamp, parseColor, type Rgb } from './color.ts';

/** The editor's colours as canvas needs them; read again when the theme changes. */
export interface Theme {
  readonly foreground: string;
  readonly muted: string;
  readonly grid: string;
  /** A line that only joins what matters. */
  readonly faint: string;
  /** Behind what is not to scale. */
  readonly band: string;
  readonly accent: string;
  readonly background: string;
  readonly highContrast: boolean;
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly verdict: Readonly<Record<LayerVerdict, string>>;
  /** Colour of a layer from 0 (input) to 1 (output). */
  depth(t: number, alpha?: number): string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string) => style.getPropertyValue(`--vscode-${name}`).trim();
  const highContrast = document.body.classList.contains('vscode-high-contrast');
  const light = /vscode(-high-contrast)?-light/.test(document.body.className);
  const background = parseColor(text('editor-background')) ?? (light ? [1, 1, 1] : [0.12, 0.12, 0.12]);
  const read = (name: string, fallback: Rgb) => parseColor(text(name), background) ?? fallback;
  const foreground = read('foreground', light ? [0.2, 0.2, 0.2] : [0.8, 0.8, 0.8]);
  const chart = (name: string) => read(`charts-${name}`, foreground);
  const ramp = depthRamp([chart('blue'), chart('purple'), chart('red'), chart('orange'), chart('yellow')], background);
  return {
    foreground: css(foreground),
    muted: css(highContrast ? foreground : read('descriptionForeground', foreground)),
    grid: css(foreground, highContrast ? 0.35 : 0.12),
    faint: css(foreground, highContrast ? 0.8 : 0.4),
    band: css(foreground, highContrast ? 0.16 : 0.05),
    accent: css(chart('blue')),
    background: css(background),
    highContrast,
    fontFamily: text('font-family') || 'sans-serif',
    fontSize: Math.max(10, (Number.parseFloat(text('font-size')) || 13) - 2),
    verdict: {
      unknown: css(read('descriptionForeground', foreground)),
      healthy: css(chart('green')),
      concerned: css(read('editorWarning-foreground', chart('yellow'))),
      // charts.orange is nearly the background in the default dark theme
      vanishing: css(read('editorWarning-foreground', chart('yellow'))),
      exploding: css(chart('red')),
      'non-finite': css(chart('purple')),
    },
    depth: (t, alpha) => css(ramp(t), alpha),
  };
}

/** VS Code changes the theme by the body's class and by the variables in the root's style. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['class', 'style'] });
  observer.observe(document.body, { attributeFilter: ['class'] });
}

/** Position of a layer's colour on the ramp. */
export function depthOf(index: number, count: number): number {
  return count < 2 ? 0 : index / (count - 1);
}
