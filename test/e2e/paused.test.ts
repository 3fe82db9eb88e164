import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { interpreters } from '../torch/python.ts';
import { launch } from './launch.ts';
import { themes, type Workbench } from './pages/workbench.ts';

const [python] = interpreters;

/** The step that the panel says the run is held at. */
async function heldAt({ webview }: Workbench): Promise<{ step: number; phase: string }> {
  const text = await webview.locator('.paused-at').innerText();
  const phase = await webview.locator('.paused-at strong').innerText();
  return { step: Number(/Step ([\d,]+)/.exec(text)?.[1].replaceAll(',', '')), phase };
}

// As a person goes: pause, look where it is, step, look into a tensor, go on. The same for both engines.
describe('A paused run', () => {
  let window: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    window = await launch({ settings: { 'gradlens.python': python?.path ?? '' } });
  });
  afterAll(() => window?.close());

  for (const [script, line, layer] of [
    ['moons-vanishing.ts', 'input = new nn.Linear', 'input'],
    ['moons_vanishing.py', 'self.input = nn.Linear', 'input'],
  ] as const) {
    it.skipIf(script.endsWith('.py') && !python)(`${script}: is stepped and looked into`, async () => {
      const { workbench, folder } = window;
      const { webview, editor, page } = workbench;
      const file = path.join(folder, 'scripts', script.endsWith('.py') ? 'python' : '', script);
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/\b400\b/, '1000000')); // there's time to pause
      onTestFailed(() => workbench.screenshot(`failed-paused-${script}`));
      await workbench.openFile(script);
      await editor.titleButton('Run with GradLens').click();
      await expect.poll(() => workbench.statusText()).toMatch(/step \d+ · loss/);
      await workbench.command('GradLens: Pause');
      await webview.locator('.paused-at').waitFor();
      const paused = await heldAt(workbench);

      // The line is marked, and the panel goes there.
      await webview.locator('.paused-at .place').click();
      await expect.poll(() => editor.afterLines()).toMatch(/paused before \w+ · step \d+/);

      // A step, by its key; a phase, by its button.
      await editor.click('optimizer.zero', 'optimizer'); // the keys are the editor's from now on
      await page.keyboard.press('F10');
      await expect.poll(async () => (await heldAt(workbench)).step).toBe(paused.step + 1);
      const before = await heldAt(workbench);
      await webview.frame.getByRole('button', { name: /^Step a Phase/ }).click();
      await expect.poll(async () => (await heldAt(workbench)).phase).not.toBe(before.phase);

      // A layer's weight, then its output, by the hover.
      await webview.locator('.numbers td').first().waitFor();
      await editor.click('optimizer.zero', 'optimizer');
      await page.keyboard.press('Control+Home');
      const hover = await editor.hover(line, layer, /Inspect/);
      expect(hover).toMatch(/Inspect .*weight · .*output/);
      await workbench.screenshot(`paused-hover-${script}`);
      await page.locator('.monaco-hover:visible').getByText('output', { exact: true }).first().click();
      await webview.locator(`[data-tensor="${layer} output"]`).waitFor();
      await page.mouse.move(2, 2);

      for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
        await workbench.useTheme(theme);
        for (const [size, width] of [
          ['narrow', 900],
          ['wide', 1600],
        ] as const) {
          await workbench.resize(width, 900);
          expect(await webview.overflow(), `${theme}, ${size}`).toBe(0);
          await workbench.screenshot(`paused-${script}-${theme}-${size}`);
        }
      }
      await workbench.resize(1280, 800);
      await webview.frame.getByRole('button', { name: /^Resume/ }).click();
      await webview.locator('.paused-at').waitFor({ state: 'detached' });
      await editor.titleButton('Stop').click();
      await expect.poll(() => workbench.statusText()).toMatch(/stopped|Vanishing/);
    });
  }
});
