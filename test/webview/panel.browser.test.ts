import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PanelBrowser, settled, startPanelBrowser } from './browser.ts';
import type { Stub } from './host.ts';
import { STATES, type StateName } from './runs.ts';
import { THEMES, type ThemeName } from './themes.ts';

declare const stub: Stub;

let browser: PanelBrowser;
let page: Page;
const themes = Object.keys(THEMES) as ThemeName[];
const data = (key: string) => page.evaluate((name) => document.body.dataset[name], key);
const text = (selector: string) => page.locator(selector).first().innerText();

/** How many different colours a chart's canvas has in its middle part, where lines are. */
function colors(selector: string): Promise<number> {
  return page.locator(`${selector} canvas`).evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')!.getImageData(width * 0.2, height * 0.1, width * 0.6, height * 0.7).data;
    const seen = new Set<number>();
    for (let i = 0; i < pixels.length; i += 4)
      if (pixels[i + 3] > 200) seen.add((pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2]);
    return seen.size;
  });
}

describe.skipIf(process.env.GRADLENS_NO_BROWSER)('the panel in a browser', () => {
  beforeAll(async () => {
    browser = await startPanelBrowser();
  });
  afterEach(async () => {
    expect(await page.evaluate(() => stub.violations)).toEqual([]);
    expect(browser.errors).toEqual([]);
    await page.close();
  });
  afterAll(() => browser?.close());

  it.each(themes)('draws 13 layers over nine decades in %s, at any width', async (theme) => {
    page = await browser.open({ state: 'vanishing', theme, width: 320 });
    for (const width of [320, 380, 700, 1400, 1600]) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      await browser.picture(page, `vanishing-${theme}-${width}`);
      expect(Number(await data('points'))).toBeGreaterThan(13 * 200);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      expect(await colors('.norms')).toBeGreaterThan(13);
      expect(await colors('.loss')).toBeGreaterThan(2);
      expect(await colors('.depth')).toBeGreaterThan(2);
    }
    expect(await page.locator('[data-layer]').count()).toBe(13);
    expect(await text('[data-layer=input] .verdict')).toBe('Vanishing');
    expect(await text('[data-finding=vanishing-gradient]')).toContain('Very likely · 97%');
    await page.locator('[data-finding=vanishing-gradient] summary').click();
    expect(await text('[data-finding=vanishing-gradient]')).toContain('Add residual connections');
  });

  it('shows what a remedy has done, and what is cured', async () => {
    page = await browser.open({ state: 'compared', width: 320 });
    for (const width of [320, 700, 1400]) {
      await page.setViewportSize({ width, height: 900 });
      for (const theme of themes) {
        await page.evaluate((name) => stub.setTheme(name), theme);
        await settled(page);
        await browser.picture(page, `compared-${theme}-${width}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
    expect(await text('.before h2')).toMatch(/Vanishing gradient: cured\s+Normalize after each hidden layer/);
    expect(await text('.before table')).toMatch(/Steps\s+400\s+300[\s\S]*Gradient at input\s+\S+e−10\s+0\.0/);
    expect(await page.locator('[data-finding=learning-rate-high]').getAttribute('data-stage')).toBe('cured');
    expect(await text('[data-finding=learning-rate-high]')).toContain('cured at step 120');
    // the other run's curves are drawn, and taken away with it
    const drawn = () =>
      page
        .locator('.loss canvas, .depth canvas')
        .evaluateAll((all: HTMLCanvasElement[]) => all.map((one) => one.toDataURL()));
    const [loss, depth] = await drawn();
    await page.evaluate(() => stub.show('alone'));
    await settled(page);
    expect(await page.locator('.before').count()).toBe(0);
    const [lossAlone, depthAlone] = await drawn();
    expect([loss === lossAlone, depth === depthAlone]).toEqual([false, false]);
    await page.evaluate(() => stub.show('vanishing'));
    await settled(page);
    expect(await text('[data-finding=loss-plateau] h2')).toContain('suspected');
  });

  it.each(Object.keys(STATES) as StateName[])('shows the state %s', async (state) => {
    page = await browser.open({ state });
    for (const theme of themes) {
      await page.evaluate((name) => stub.setTheme(name), theme);
      await settled(page);
      await browser.picture(page, `${state}-${theme}`);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(700);
  });

  it('says what to do when there is nothing to show', async () => {
    page = await browser.open({ state: 'noRun' });
    await page.getByRole('button', { name: 'Run Script' }).click();
    await page.getByRole('button', { name: 'Open Run…' }).click();
    await page.evaluate(() => stub.show('untrusted'));
    await page.getByRole('button', { name: 'Manage Workspace Trust' }).click();
    await settled(page);
    expect(await page.evaluate(() => stub.calls)).toEqual([
      ['act', 'run'],
      ['act', 'openRun'],
      ['act', 'manageTrust'],
    ]);
    expect(await data('status')).toBe('untrusted');
    await page.evaluate(() => stub.show('unavailable'));
    expect(await text('main')).toContain('newer GradLens');
  });

  it('shows one backward pass of one value as a number', async () => {
    page = await browser.open({ state: 'single' });
    expect(await text('.tile')).toContain('−24');
    expect(await text('.tile')).toContain('Raising w a little lowers the loss');
    expect(await data('points')).toBe('1');
    expect(await page.locator('canvas').count()).toBe(0);
  });

  it('marks zeros and what is not finite without breaking', async () => {
    page = await browser.open({ state: 'notFinite' });
    expect(Number(await data('points'))).toBe(600);
    expect(await text('[data-error]')).toContain('loss is nan at step 99');
    expect(await text('[data-layer=input]')).toContain('NaN or ∞');
    await page.locator('#scrubber').fill('5');
    await settled(page);
    expect((await text('[data-layer=input]')).split('\n')).toContain('0');
    // The host's failure is said, not swallowed.
    await page.locator('[data-error] .place').click();
    await page.getByText('The file is gone.').waitFor();
  });

  it('goes back in history and follows the newest step again', async () => {
    page = await browser.open({ state: 'running', width: 1400 });
    const box = (await page.locator('.norms canvas').boundingBox())!;
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await settled(page);
    const step = Number(await data('step'));
    expect(step).toBeGreaterThan(40);
    expect(step).toBeLessThan(80);
    await page.evaluate(() => stub.showRunning(300));
    expect([await data('step'), await data('live')]).toEqual([String(step), 'false']);
    await page.locator('#scrubber').press('ArrowRight');
    await settled(page);
    expect(await data('step')).toBe(String(step + 1));
    expect(await text('.depth h2')).toContain(`step ${step + 1}`);
    await page.getByRole('button', { name: 'Live' }).click();
    await page.evaluate(() => stub.showRunning(310));
    expect([await data('step'), await data('live')]).toEqual(['309', 'true']);
  });

  it('selects layers from the table, the keyboard, a finding and the host, and goes to their lines', async () => {
    page = await browser.open({ state: 'vanishing', width: 1400 });
    await page.locator('[data-layer="hidden.2"]').click();
    await settled(page);
    expect(await data('selected')).toBe('hidden.2');
    await page.getByRole('grid').press('ArrowDown');
    await page.getByRole('grid').press('Enter');
    await page.locator('[data-layer=output]').dblclick();
    await page.locator('[data-finding=vanishing-gradient] .place').click();
    await page.locator('.chip', { hasText: 'hidden.0' }).click();
    await settled(page);
    expect(await data('selected')).toBe('hidden.0');
    await page.evaluate(() => stub.select('hidden.7'));
    await settled(page);
    expect(await data('selected')).toBe('hidden.7');
    expect(await page.evaluate(() => stub.calls)).toEqual([
      ['revealLayer', 'hidden.3'],
      ['revealLayer', 'output'],
      ['revealFinding', 0],
    ]);
    await browser.picture(page, 'selected');
  });

  it('hears every key, however many are pressed between two frames', async () => {
    page = await browser.open({ state: 'vanishing', width: 1400 });
    await page.evaluate(() => {
      const grid = document.querySelector('[role=grid]')!;
      for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter'])
        grid.dispatchEvent(new KeyboardEvent('keydown', { key }));
    });
    await settled(page);
    expect(await data('selected')).toBe('hidden.2');
    expect(await page.evaluate(() => stub.calls)).toEqual([['revealLayer', 'hidden.2']]);
  });

  it('paused: says where, steps, and shows a tensor as numbers, part by part', async () => {
    page = await browser.open({ state: 'paused' });
    expect(await text('.paused-at')).toMatch(/Step 119, before/);
    expect(await text('.paused-at strong')).toBe('backward');
    await page.getByRole('button', { name: 'digits-cnn.ts:31' }).click();
    await page.getByRole('button', { name: 'Step: to the next step' }).click();
    await page.getByRole('button', { name: 'Step a Phase' }).click();
    await page.locator('[data-tensor="input weight"] td').first().waitFor();
    expect(await text('.inspector h2')).toContain('[32, 16, 5, 5] float32');
    expect(await text('.inspector .statistics')).toMatch(/NaN or ∞\s*2 of 12,800/);
    expect(await page.locator('.numbers td').count()).toBe(25);
    expect(await page.locator('.numbers td.bad').allInnerTexts()).toEqual(['NaN', '−∞']);
    // Every dimension can be gone through, and shown as rows or columns.
    await page.getByLabel('dim 0 at').fill('31');
    await page.getByLabel('dim 0 at').press('Enter');
    await page.locator('.numbers td[title^="[31, 0, 0, 0]"]').waitFor();
    await page.getByLabel('Dimension shown as rows').selectOption('0');
    await page.locator('.numbers td[title^="[15, 0, 0, 4]"]').waitFor();
    await page.getByRole('button', { name: 'Next rows' }).click();
    await page.locator('.numbers td[title^="[31, 0, 0, 4]"]').waitFor();
    expect(await page.getByRole('button', { name: 'Next rows' }).isDisabled()).toBe(true);
    await page.getByLabel('Tensor of the layer').selectOption('bias');
    await page.locator('[data-tensor="input bias"] td').first().waitFor();
    expect(await page.locator('.numbers td').count()).toBe(64);
    await page.getByLabel('Tensor of the layer').selectOption('output');
    await page.getByText('This output is not in memory.').waitFor();
    await page.evaluate(() => stub.inspect('hidden.2', 'weight gradient'));
    await page.locator('[data-tensor="hidden.2 weight gradient"] td').first().waitFor();
    expect(await data('selected')).toBe('hidden.2');
    const calls = await page.evaluate(() => stub.calls);
    expect(calls.filter(([name]) => name !== 'inspect')).toEqual([
      ['revealPause'],
      ['act', 'step'],
      ['act', 'stepPhase'],
    ]);
    // Looked at again and again, it's asked once.
    const asked = calls.length;
    await page.evaluate(() => stub.showAgain());
    await settled(page);
    expect(await page.evaluate(() => stub.calls.length)).toBe(asked);
    for (const theme of themes) {
      await page.evaluate((name) => stub.setTheme(name), theme);
      for (const width of [320, 700, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        await browser.picture(page, `inspector-${theme}-${width}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
  });

  it('a tensor is read anew, of the rank that is chosen', async () => {
    page = await browser.open({ state: 'ranksPaused' });
    await page.locator('[data-tensor="input weight"] td').first().waitFor();
    expect(await text('.inspector h2')).toContain('of rank 0');
    const asked = await page.evaluate(() => stub.calls.length);
    await page.evaluate(() => stub.show('rankChosen'));
    await page.getByText('of rank 1', { exact: true }).waitFor();
    await expect.poll(() => page.evaluate(() => stub.calls.length)).toBe(asked + 1);
  });

  it('several ranks side by side: who differs is marked, and one can be chosen; notes are folded away', async () => {
    page = await browser.open({ state: 'ranks' });
    expect(await text('.ranks h2')).toContain('1 of 8 layers differ'); // their outputs, which come first
    await page.locator('.ranks .toggle', { hasText: 'own gradient' }).click();
    await settled(page);
    expect(await text('.ranks h2')).toContain('2 of 8 layers differ');
    expect(await text('[data-ranked=input]')).toMatch(/0\.12\s+÷ 16\s+1\.92\s+16 ×/);
    await page.locator('.ranks .toggle', { hasText: 'output' }).click();
    await settled(page);
    expect(await text('.ranks h2')).toContain('1 of 8 layers differ');
    await page.getByLabel('Whose numbers the charts show').selectOption('1');
    await page.getByLabel('Whose numbers the charts show').selectOption('');
    await page.locator('[data-ranked="hidden.0"] button').click();
    await settled(page);
    expect(await data('selected')).toBe('hidden.0');
    expect(await page.evaluate(() => stub.calls)).toEqual([
      ['chooseRank', 1],
      ['chooseRank', null],
    ]);
    expect(await text('.facts')).toContain('measured at 37 of 120 steps');
    expect(await text('.facts')).toMatch(/gradients clipped\s+12\.3 → 1/i);
    expect(await text('[data-layer="hidden.0"] .verdict')).toBe('Finding');
    expect(await text('[data-layer="hidden.2"] .update')).toMatch(/^≈/);
    const note = page.getByText('The loss is scaled');
    expect(await note.isVisible()).toBe(false);
    await page.locator('.notes summary').click();
    expect(await note.isVisible()).toBe(true);
    for (const theme of themes) {
      await page.evaluate((name) => stub.setTheme(name), theme);
      for (const width of [320, 1400]) {
        await page.setViewportSize({ width, height: 1000 });
        await settled(page);
        await browser.picture(page, `ranks-${theme}-${width}`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
    }
  });

  it('how the magnitudes of the selected layer’s gradient are distributed, over time and at the step shown', async () => {
    page = await browser.open({ state: 'vanishing', width: 1400 });
    expect(await text('.facts')).toContain(
      'activations measured at 37 of 400 steps, histograms at 120 · 4.1 % of the time',
    );
    const card = page.locator('.magnitudes');
    const chart = card.locator('canvas');
    // without a selection, the first layer that is large enough
    expect(await card.getAttribute('data-magnitudes')).toBe('input');
    expect(await text('.magnitudes h2')).toMatch(/input, step \d+\s+10 % zero$/);
    await page.locator('[data-layer="hidden.2"]').click();
    await page.locator('[data-magnitudes="hidden.2"]').waitFor();
    await page.locator('#scrubber').fill('123');
    await settled(page);
    // the step that was measured nearest to it
    const shown = async () => Number(/step (\d+)/.exec(await text('.magnitudes h2'))?.[1]);
    expect(Math.abs((await shown()) - 123)).toBeLessThanOrEqual(2);
    const [before, picture] = [
      await chart.getAttribute('aria-label'),
      await chart.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL()),
    ];
    expect(before).toMatch(/^Gradient magnitudes at step 12[1-5]: from 9\.1e-13 to 1\.6e\+1, most about 3\.\de-2\.$/);
    expect(await colors('.magnitudes')).toBeGreaterThan(10);
    // a click goes to the step that is drawn there; what is right of the strip has none
    const { width } = (await chart.boundingBox())!;
    await chart.click({ position: { x: 56, y: 30 } });
    await expect.poll(shown).toBeLessThan(10);
    expect(Number(await data('step'))).toBeLessThan(10);
    expect(await chart.getAttribute('aria-label')).not.toBe(before);
    expect(await chart.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())).not.toBe(picture);
    const step = await data('step');
    await chart.click({ position: { x: width - 20, y: 30 } });
    await settled(page);
    expect(await data('step')).toBe(step);
    // nothing where nobody measured them
    await page.evaluate(() => stub.show('ranks'));
    await expect.poll(() => card.count()).toBe(0);
  });

  it('comes back after a reload as it was', async () => {
    page = await browser.open({ state: 'vanishing' });
    await page.locator('#scrubber').fill('123');
    await page.locator('[data-layer="hidden.2"]').click();
    await page.locator('.toggle').click();
    await settled(page);
    await page.reload();
    await page.waitForSelector('body[data-status]');
    expect([await data('step'), await data('selected')]).toEqual(['123', 'hidden.2']);
    expect(await page.locator('.toggle').getAttribute('aria-pressed')).toBe('true');
  });

  it('recolours when the theme changes, as if it had been opened so', async () => {
    const pixels = () =>
      page.locator('canvas').evaluateAll((all: HTMLCanvasElement[]) => all.map((one) => one.toDataURL()));
    page = await browser.open({ state: 'vanishing', theme: 'light' });
    const light = await pixels();
    await page.close();
    page = await browser.open({ state: 'vanishing', theme: 'dark' });
    expect(await pixels()).not.toEqual(light);
    await page.evaluate(() => stub.setTheme('light'));
    await settled(page);
    expect(await pixels()).toEqual(light);
  });

  it('stays usable with 1,000 layers and 2,000 points', async () => {
    page = await browser.open({ state: 'large', width: 1400 });
    expect(await page.locator('[data-layer]').count()).toBeLessThan(60);
    expect(Number(await data('points'))).toBeLessThan(30_000);
    await page.getByRole('grid').press('End');
    await page.locator('[data-layer="transformer.blocks.124.fc2"]').waitFor();
    const { times, redrawn } = await page.evaluate(async () => {
      // What makes scrubbing smooth: the charts over time, with their many points, are not drawn again.
      const redrawn: string[] = [];
      const clear = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...area) {
        redrawn.push(this.canvas.closest('.card')?.className ?? '');
        clear.apply(this, area);
      };
      const slider = document.querySelector<HTMLInputElement>('#scrubber')!;
      const times: number[] = [];
      for (let i = 0; i < 60; i++) {
        const start = await new Promise<number>(requestAnimationFrame);
        slider.value = String(i * 30);
        slider.dispatchEvent(new Event('input'));
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - start);
      }
      return { times: times.sort((a, b) => a - b), redrawn: [...new Set(redrawn)] };
    });
    expect(redrawn).toEqual(['card depth']);
    console.info(`scrubbing: median ${times[30].toFixed(1)} ms a frame, 95% below ${times[57].toFixed(1)} ms`);
  });
});
