import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launch } from './launch.ts';

describe('A folder that is not trusted', () => {
  let window: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    window = await launch({ askForTrust: true });
  });
  afterAll(() => window?.close());

  it('runs no script until it is', async () => {
    const { workbench } = window;
    onTestFailed(() => workbench.screenshot('failed-trust'));
    await workbench.openFile('backprop.ts');
    await workbench.statusItem('Restricted Mode').waitFor();
    // IntelliSense, which runs nothing of the folder's, is there
    await workbench.editor.hover('const w = tensor', 'w', /const w: Tensor/);
    await workbench.screenshot('restricted');

    await workbench.editor.titleButton('Run with GradLens').click();
    await workbench.notification(/runs no scripts in a folder that is not trusted/).waitFor();
    expect(await workbench.webview.locator('body').count()).toBe(0);

    await workbench.trustFolder();
    await workbench.openFile('backprop.ts');
    await workbench.editor.titleButton('Run with GradLens').click();
    await workbench.editor.hover('const w = tensor', 'w', /gradient\D*−24/); // NaN until it is known
  });
});
