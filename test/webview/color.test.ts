import { describe, expect, it } from 'vitest';
import { contrast, css, depthRamp, parseColor, type Rgb, toLab, toRgb } from '../../webview/flow/color.ts';
import { THEMES, type ThemeName } from './themes.ts';

describe('colours', () => {
  it('reads what VS Code writes', () => {
    expect(css(parseColor('#f14c4c')!)).toBe('rgba(241, 76, 76, 1)');
    expect(css(parseColor('#fff')!)).toBe('rgba(255, 255, 255, 1)');
    expect(css(parseColor('rgba(255, 255, 255, 0.7)', [0, 0, 0])!)).toBe('rgba(179, 179, 179, 1)');
    expect(parseColor('')).toBeNull();
  });

  it('survives OKLab and back', () => {
    const rgb: Rgb = [0.2, 0.5, 0.9];
    toRgb(toLab(rgb)).forEach((v, i) => void expect(v).toBeCloseTo(rgb[i], 5));
  });

  it.each(Object.keys(THEMES) as ThemeName[])(
    'orders layers by lightness and stands out from the background in %s',
    (name) => {
      const { variables } = THEMES[name];
      const background = parseColor(variables['editor-background'])!;
      const anchors = ['blue', 'purple', 'red', 'orange', 'yellow'].map(
        (hue) => parseColor(variables[`charts-${hue}`])!,
      );
      const ramp = depthRamp(anchors, background);
      const colors = Array.from({ length: 21 }, (_, i) => ramp(i / 20));
      colors.forEach((color, i) => {
        if (i > 0) expect(toLab(color)[0]).toBeGreaterThan(toLab(colors[i - 1])[0]);
        // WCAG 1.4.11 asks for 3 : 1 of graphics.
        expect(contrast(color, background)).toBeGreaterThan(2.9);
      });
    },
  );
});
