import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launch } from './launch.ts';

const WHILE_RUNS_TRAIN = 120_000;

// What a person does about a finding: look at what is offered, try it, apply it, see that it's gone.
describe('From a finding to a remedy that is proven', () => {
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

  it('a trial ends in a table, and the remedy is offered as proven', { timeout: 2 * WHILE_RUNS_TRAIN }, async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-trial'));
    await workbench.editor.quickFixes(line, 'input');
    await workbench.editor.chooseQuickFix(/^Try: Normalize/);
    const table = workbench.page.locator('.monaco-editor .view-line', { hasText: /Normalize.*5 of 5/ });
    await table.waitFor({ timeout: 2 * WHILE_RUNS_TRAIN });
    await workbench.screenshot('trial-table');
    await workbench.command('View: Close Editor');
    const titles = await workbench.editor.quickFixes(line, 'input');
    expect(titles[0]).toMatch(/^Normalize after each hidden layer .*\(proven, 5 of 5\)$/);
  });

  it('applied and run again, the finding is gone, and the panel shows before and after', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-before-and-after'));
    await workbench.editor.chooseQuickFix(/^Apply and run again: Normalize/);
    await workbench.editor.line('BatchNorm1d(32)').waitFor();
    await workbench.webview.locator('.before[data-outcome=cured]').waitFor({ timeout: WHILE_RUNS_TRAIN });
    await workbench.screenshot('before-and-after');
    await expect.poll(() => workbench.statusText(), { timeout: WHILE_RUNS_TRAIN }).not.toContain('Vanishing');
  });
});
