import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launch } from './launch.ts';
import { themes } from './pages/workbench.ts';

// One window, from the first press on Run to the explanation, as a person goes.
describe('From a script to the reason why it does not learn', () => {
  let window: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    window = await launch();
  });
  afterAll(() => window?.close());

  it('▷ Run with GradLens draws the charts while the script trains', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-run'));
    await workbench.openFile('moons-vanishing.ts');
    await workbench.editor.titleButton('Run with GradLens').click();
    await expect.poll(() => workbench.statusText()).toMatch(/step \d+ · loss 0\.\d+/);
    const chart = 'canvas[aria-label="Gradient norm of each layer over steps"]';
    await workbench.webview.locator(chart).waitFor();
    await expect.poll(() => workbench.webview.paintedPixels(chart)).toBeGreaterThan(1000);
  });

  it('the Problems panel names the fault, its line and its cause', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-problem'));
    await workbench.problems.open();
    const problem = workbench.problems.row(/^Vanishing gradient: .*sigmoid/);
    await problem.waitFor();
    expect(await problem.innerText()).toContain('[Ln 8, ');
  });

  it('a hover on the layer shows its gradient', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-hover'));
    const text = await workbench.editor.hover('input = new nn.Linear', 'input', /gradient norm/);
    expect(text).toMatch(/Linear\(inFeatures=2, outFeatures=32/);
    expect(text).toMatch(/vanishing gradient/);
    await workbench.screenshot('hover');
    await workbench.page.mouse.move(2, 2); // closes the hover
  });

  it('the run ends by itself', async () => {
    const { workbench } = window;
    await expect.poll(() => workbench.statusText()).toContain('Vanishing gradient · 400 steps');
    await expect.poll(() => workbench.editor.lenses()).toContain('Vanishing gradient (11 layers)');
    expect(await workbench.editor.lenses()).not.toContain('running');
  });

  it('the line above the model says so even if the editor loses the focus just then', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-lens'));
    await workbench.editor.titleButton('Run with GradLens').click();
    await expect.poll(() => workbench.statusText()).toMatch(/step \d+ · loss/);
    await workbench.editor.click('input = new nn.Linear', 'input');
    await workbench.leaveEditorWhen('Vanishing gradient · 400 steps');
    await expect.poll(() => workbench.editor.lenses()).toContain('Vanishing gradient (11 layers)');
  });

  it('the window is legible in every theme and width', async () => {
    const { workbench } = window;
    await workbench.problems.close();
    for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
      await workbench.useTheme(theme);
      for (const [size, width] of [
        ['narrow', 900],
        ['wide', 1600],
      ] as const) {
        await workbench.resize(width, 900);
        expect(await workbench.webview.overflow(), `${theme}, ${size}`).toBe(0);
        await workbench.screenshot(`flow-${theme}-${size}`);
      }
    }
    await workbench.resize(1280, 800);
  });

  it('in backprop.ts a hover on w reads −24', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-backprop'));
    await workbench.openFile('backprop.ts');
    await workbench.editor.titleButton('Run with GradLens').click();
    await workbench.editor.hover('const w = tensor', 'w', /gradient\D*−24/); // NaN until it is known
    await workbench.screenshot('hover-backprop');
  });
});
