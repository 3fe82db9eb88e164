// Opens the packaged extension in a real VS Code, as a user has it: the workbench in Chromium, the host in Node.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { packagedExtension } from '../../tools/package/path.mjs';
import { inRoot } from '../../tools/support/paths.mjs';
import { chromiumArguments, chromiumPath } from '../../tools/vscode/chromium.mjs';
import { startServer } from '../../tools/vscode/server.mjs';
import { testSettings } from '../../tools/vscode/settings.mjs';
import { Workbench } from './pages/workbench.ts';

export interface LaunchOptions {
  /** Ask whether to trust the folder, as a new window does; otherwise it is trusted. */
  readonly askForTrust?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The window shows a copy of examples/, so that tests can edit. */
export async function launch({ askForTrust = false, settings = {} }: LaunchOptions = {}) {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'gle-'));
  const folder = path.join(temporary, 'examples');
  fs.cpSync(inRoot('examples'), folder, { recursive: true });
  const server = await startServer({
    settings: { ...testSettings, ...settings },
    vsix: packagedExtension(),
    folder,
    trustEverything: !askForTrust,
  });
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArguments });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.setDefaultTimeout(300_000);
  const workbench = new Workbench(page, (changed) =>
    server.changeSettings({ ...testSettings, ...settings, ...changed }),
  );
  await page.goto(server.url);
  await workbench.isUp();
  return {
    workbench,
    folder,
    async close() {
      await browser.close();
      await server.stop();
      fs.rmSync(temporary, { recursive: true, force: true });
    },
  };
}
