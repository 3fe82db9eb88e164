import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launch } from './launch.ts';

const WHILE_RUNS_TRAIN = 120_000;
const WHILE_TRIED = 400_000;

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
    await expect.poll(() => workbench.statusText(), { timeout: WHILE_RUNS_TRAIN }).toContain('60 steps');
    const titles = await workbench.editor.quickFixes(line, 'input');
    expect(titles[0]).toMatch(/^Normalize after each hidden layer/);
    expect(titles).toContain('Other remedies: preview, try, apply and run again…');
    await workbench.screenshot('lightbulb');
    await workbench.editor.chooseQuickFix(/^Preview: Normalize/);
    await workbench.page.locator('.monaco-diff-editor .view-line', { hasText: 'BatchNorm1d(32)' }).first().waitFor();
    await workbench.screenshot('remedy-preview');
    await workbench.command('View: Close Editor');
  });

  it('one is tried, and a table tells what came of it beside both controls', { timeout: WHILE_TRIED }, async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-trial'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Try: Normalize/);
    await trying().waitFor();
    const { markdown } = workbench.webview;
    await markdown.locator('td', { hasText: 'proven' }).waitFor({ timeout: WHILE_TRIED });
    expect(await markdown.locator('h2').innerText()).toContain('vanishing gradient');
    expect(await markdown.locator('tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^Normalize after each hidden layer.*\tproven\t5 of 5\t0\.0\d+\t/),
      expect.stringMatching(/^nothing changed\tcontrol\t0 of 5\t0\.[67]\d+/),
      expect.stringMatching(/^a random innocent change\tcontrol\t0 of 5/),
    ]);
    for (const theme of ['light', 'dark', 'high-contrast'] as const) {
      await workbench.useTheme(theme);
      await workbench.screenshot(`trial-${theme}`);
    }
    await workbench.command('View: Close Editor');
    // what was proven stands first from now on
    const [first] = await workbench.editor.quickFixes(line, 'input');
    expect(first).toMatch(/^Normalize .*\(proven, 5 of 5\)/);
    await workbench.page.keyboard.press('Escape');
  });

  it('a trial can be cancelled', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-cancel'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Try all remedies/);
    await trying()
      .filter({ hasText: /\d+ of 30 runs/ })
      .waitFor();
    await trying().getByRole('button', { name: 'Cancel' }).click();
    await trying().waitFor({ state: 'detached' });
    expect(await workbench.page.locator('.tab', { hasText: 'trial' }).count()).toBe(0);
  });
});
