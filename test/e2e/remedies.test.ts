import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launch } from './launch.ts';

// What a person does about a finding: look at what is offered, try it, have enough of trying.
describe('From a finding to its remedies', () => {
  let window: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    window = await launch();
    const script = path.join(window.folder, 'scripts/moons-vanishing.ts');
    fs.writeFileSync(script, fs.readFileSync(script, 'utf8').replace('step < 400', 'step < 60'));
  });
  afterAll(() => window?.close());

  const line = 'input = new nn.';
  const trying = () =>
    window.workbench.page.locator('.notifications-toasts .notification-list-item', { hasText: 'Trying' });

  it('the lightbulb offers remedies, what takes most first, and shows one as a difference', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-lightbulb'));
    await workbench.openFile('moons-vanishing.ts');
    await workbench.editor.titleButton('Run with GradLens').click();
    await expect.poll(() => workbench.statusText()).toContain('60 steps');
    const titles = await workbench.editor.quickFixes(line, 'input');
    expect(titles[0]).toMatch(/^Normalize after each hidden layer/);
    expect(titles).toContain('Other remedies: preview, try, apply and run again…');
    await workbench.screenshot('lightbulb');
    await workbench.editor.chooseQuickFix(/^Preview: Normalize/);
    await workbench.page.locator('.monaco-diff-editor .view-line', { hasText: 'BatchNorm1d(32)' }).first().waitFor();
    await workbench.screenshot('remedy-preview');
    await workbench.command('View: Close Editor');
  });

  it('one is tried, and a table tells what came of it beside both controls', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-trial'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Try: Normalize/);
    await trying().waitFor();
    const { markdown } = workbench.webview;
    await markdown.locator('li', { hasText: 'proven' }).waitFor();
    expect(await markdown.locator('h2').innerText()).toContain('vanishing gradient');
    expect(await markdown.locator('li').allInnerTexts()).toEqual([
      expect.stringMatching(
        /^Normalize after each hidden layer.*: proven\ncured 5 of 5 · last loss 0\.0\d+ · p 0\.00\d+$/,
      ),
      expect.stringMatching(/^nothing changed: control\ncured 0 of 5 · last loss 0\.[67]\d+$/),
      expect.stringMatching(/^a random innocent change: control\ncured 0 of 5 · last loss 0\.[67]\d+$/),
    ]);
    for (const theme of ['light', 'dark', 'high-contrast'] as const) {
      await workbench.useTheme(theme);
      await markdown.locator('li').first().waitFor();
      await workbench.screenshot(`trial-${theme}`);
    }
    // beside the script in a small window, nothing has to be scrolled sideways to
    for (const width of [900, 1280]) {
      await workbench.page.setViewportSize({ width, height: 800 });
      const beside = markdown.locator('html');
      await expect.poll(() => beside.evaluate((html) => html.scrollWidth - html.clientWidth)).toBe(0);
      await workbench.screenshot(`trial-${width}`);
    }
    await workbench.command('View: Close Editor');
    // what was proven stands first from now on
    const [first] = await workbench.editor.quickFixes(line, 'input');
    expect(first).toMatch(/^Normalize .* — proven 5 of 5, loss 0\.[67]\d+ → 0\.0\d+$/);
    await workbench.page.keyboard.press('Escape');
  });

  it('a trial can be cancelled', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-cancel'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Try all remedies/);
    await trying()
      .filter({ hasText: /run \d+ of \d+, nothing changed/ })
      .waitFor();
    await trying().getByRole('button', { name: 'Cancel' }).click();
    await trying().waitFor({ state: 'detached' });
    expect(await workbench.page.locator('.tab', { hasText: 'trial' }).count()).toBe(0);
  });

  it('a finding is ignored on a line, and wanted again: by the toast, or from the palette', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-ignored'));
    const problems = workbench.statusItem(/^\s*2\s*0$/);
    const ignored = workbench.statusItem(/^\s*1\s*0$/);
    const ignore = async () => {
      await workbench.editor.quickFixes(line, 'input');
      await workbench.editor.chooseQuickFix(/^Ignore here/);
      await ignored.waitFor();
    };
    await problems.waitFor();
    await ignore();
    await workbench.notification('is ignored on this line').getByRole('button', { name: 'Undo' }).click();
    await problems.waitFor();
    await ignore();
    await workbench.command('GradLens: Show Ignored Findings');
    const choice = workbench.page.locator('.quick-input-widget:visible', { hasText: 'Findings to show again' });
    await choice.locator('.monaco-list-row', { hasText: 'Vanishing gradient' }).getByRole('checkbox').click();
    await choice.getByRole('button', { name: 'OK' }).click();
    await problems.waitFor();
  });

  it('applied it is a change that one undo takes back', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-apply'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Normalize after each hidden layer \(/);
    await workbench.editor.line('input = new nn.Sequential(').waitFor();
    await workbench.page.keyboard.press('Control+Z');
    await workbench.editor.line('input = new nn.Linear(').waitFor();
  });

  it('applied and run again, the panel shows before and after', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-again'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Apply and run again: Normalize/);
    const before = workbench.webview.locator('.before');
    await before.getByText('Vanishing gradient: cured').waitFor();
    // the finding is cured before the run is over
    const steps = before.locator('tbody tr').first();
    await expect.poll(() => steps.innerText()).toMatch(/^Steps\s+60\s+60$/);
    const rows = await before.locator('tbody tr').allInnerTexts();
    expect(rows[1]).toMatch(/^Last loss\s+0\.[67]\d+\s+0\.\d+$/);
    expect(rows[2]).toMatch(/^Gradient at input\S*\s+\d\.\d+e−1\d\s/);
    await workbench.screenshot('applied');
  });
});
