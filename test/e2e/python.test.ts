import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { freePort, interpreters, runAtOnce, watching } from '../torch/python.ts';
import { launch } from './launch.ts';

const [python] = interpreters;

// Real PyTorch, as a person goes: run, read, run with arguments, start one by hand.
describe.skipIf(!python)('A PyTorch script, unmodified', () => {
  let window: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    const readable = { 'terminal.integrated.gpuAcceleration': 'off' }; // its text is in the page then
    window = await launch({ settings: { 'gradlens.python': python.path, 'gradlens.budget': 100, ...readable } });
  });
  afterAll(() => window?.close());

  it('runs in a terminal; a hover on w reads −24', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-python'));
    await workbench.openFile('backprop.py');
    await workbench.editor.titleButton('Run with GradLens').click();
    await workbench.editor.hover('w = torch.tensor', 'w', /gradient\D*−24/);
    await workbench.page.locator('.xterm-rows', { hasText: /Gradient.*-24\.0/ }).waitFor();
    await workbench.screenshot('python-backprop');
    await workbench.page.mouse.move(2, 2);
  });

  it('an exception is in the Problems panel, on its line, and its traceback is Python’s', async () => {
    const { workbench, folder } = window;
    onTestFailed(() => workbench.screenshot('failed-exception'));
    fs.writeFileSync(path.join(folder, 'scripts/fails.py'), 'import torch\n\ntorch.ones(2, 3) @ torch.ones(2, 3)\n');
    await workbench.openFile('fails.py');
    await workbench.editor.titleButton('Run with GradLens').click();
    await expect.poll(() => workbench.statusText()).toContain('fails.py: failed');
    await workbench.problems.open();
    expect(await workbench.problems.row(/^RuntimeError: mat1 and mat2/).innerText()).toContain('[Ln 3, ');
  });

  it('two ranks, by a command line that is remembered, are one run whose ranks disagree', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-ranks'));
    await workbench.openFile('digits_ddp.py');
    await workbench.editor.titleButton('Run with GradLens').waitFor();
    await workbench.command('GradLens: Run with Arguments');
    const redirects = python.torch.startsWith('1.13') ? '--redirects=2 --tee=2 ' : '';
    const box = workbench.page.locator('.quick-input-widget:visible', { hasText: 'Run digits_ddp.py with arguments' });
    await box.locator('input.input').fill(`torchrun --nproc_per_node=2 ${redirects}digits_ddp.py`);
    await workbench.page.keyboard.press('Enter');
    await expect.poll(() => workbench.statusText()).toContain('Ranks disagree · 112 steps');
    await workbench.webview.frame.getByText('digits_ddp.py:25').first().click(); // shows the line
    const hover = await workbench.editor.hover('nn.Conv2d(1, 16', 'Conv2d', /rank 1/);
    expect(hover).toMatch(/Ranks disagree[\s\S]*rank 0[\s\S]*rank 1/);
    expect(hover).not.toContain('healthy');
    const ranks = workbench.webview.locator('.ranks');
    await ranks.getByText(/layers differ/).waitFor();
    await ranks.getByLabel('Whose numbers the charts show').selectOption('1');
    await ranks.locator('option[value="1"]:checked').waitFor({ state: 'attached' });
    await workbench.screenshot('python-ranks');
    await workbench.page.mouse.move(2, 2);
  });

  it('ranks that run elsewhere are followed by the logs that they write, as one run', async () => {
    const { workbench, folder } = window;
    onTestFailed(() => workbench.screenshot('failed-follow'));
    const logs = path.join(folder, 'logs');
    fs.mkdirSync(logs);
    const script = path.join(folder, 'scripts/python/elsewhere.py');
    fs.copyFileSync(path.join(folder, 'scripts/python/digits_ddp.py'), script);
    await workbench.openFile('elsewhere.py');
    await workbench.editor.titleButton('Run with GradLens').waitFor();
    await workbench.command('GradLens: Follow Run Folder');
    await workbench.chooseFolder(logs);
    await workbench.notification(/Following logs\./).waitFor();
    const port = String(await freePort());
    const ranks = ['0', '1'].map((RANK) => {
      const rank = { RANK, LOCAL_RANK: RANK, WORLD_SIZE: '2', MASTER_ADDR: '127.0.0.1', MASTER_PORT: port };
      return runAtOnce(python, script, { env: { ...watching(logs, 100), ...rank } });
    });
    const shown = () => workbench.webview.locator('.bar').innerText();
    await expect.poll(shown).toMatch(/elsewhere\.py[\s\S]*Completed[\s\S]*Steps\s*112/);
    await expect.poll(() => workbench.statusText()).toContain('Ranks disagree · 112 steps');
    expect((await Promise.all(ranks)).map(({ code }) => code)).toEqual([0, 0]);
    expect(fs.readdirSync(logs)).toHaveLength(2);
    await workbench.webview
      .locator('.ranks')
      .getByText(/layers differ/)
      .waitFor();
    await workbench.screenshot('python-followed');
  });

  it('one that is started by hand in a terminal connects by itself', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-attach'));
    await workbench.command('Terminal: Create New Terminal');
    await workbench.page.locator('.terminal.xterm.focus').waitFor();
    await workbench.page.keyboard.type(`GRADLENS=1 ${python.path} scripts/python/moons_vanishing.py\n`);
    await expect.poll(() => workbench.statusText()).toMatch(/moons_vanishing\.py · step \d+/);
    await workbench.useTheme('dark');
    await workbench.screenshot('python-attached');
    // It is kept, and can be opened again.
    await workbench.command('GradLens: Stop');
    await expect.poll(() => workbench.statusText()).toMatch(/· \d+ steps · loss/);
    await workbench.command('GradLens: Open Run');
    await workbench.page
      .locator('.quick-input-widget:visible .monaco-list-row', { hasText: /^moons_vanishing/ })
      .first()
      .click();
    await expect
      .poll(() => workbench.webview.locator('.bar').innerText())
      .toMatch(/moons_vanishing\.py[\s\S]*Stopped[\s\S]*Steps\s*\d+/);
  });
});
