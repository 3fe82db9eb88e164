#!/usr/bin/env node
// Stands in for the desktop VS Code that @vscode/test-electron starts: the same arguments, the same extension host,
// but the workbench is shown by a headless Chromium.
import path from 'node:path';
import { chromium } from 'playwright-core';
import { inRoot } from '../support/paths.mjs';
import { exitWhenAsked } from '../support/process.mjs';
import { chromiumArguments, chromiumPath } from './chromium.mjs';
import { startServer } from './server.mjs';
import { testSettings } from './settings.mjs';
import { workbenchUrl } from './workbench.mjs';

const timeLimit = 5 * 60_000;

exitWhenAsked();
const args = process.argv.slice(2);
const options = (name) => args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
const folder = args.find((arg) => !arg.startsWith('-'));

const [extension, ...besides] = options('extensionDevelopmentPath');
const development = { settings: testSettings, development: true, trustEverything: true };
const server = await startServer({ ...development, extensions: besides });
const browser = await chromium.launch({ executablePath: await chromiumPath(), args: chromiumArguments });
try {
  process.exitCode = await runTests();
} finally {
  await browser.close();
  await server.stop();
}

/** VS Code tells the page when the tests have ended, by a function that must be there before the page loads. */
async function runTests() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const ended = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve);
    page.on('crash', () => reject(new Error("VS Code's page crashed")));
    setTimeout(() => reject(new Error(`no end after ${timeLimit / 1000} s`)), timeLimit).unref();
  });
  const [tests] = options('extensionTestsPath');
  await page.goto(workbenchUrl(server, { folder: path.resolve(folder), extension, tests }));
  try {
    return await ended;
  } catch (error) {
    console.error(`${error.message}; the server said:\n${server.output().slice(-4000)}`);
    await page.screenshot({ path: inRoot('test/output/extension-timeout.png') }).catch(() => {});
    return 1;
  }
}
