import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { panelHtml } from '../../webview/html.ts';
import type { StateName } from './runs.ts';
import type { ThemeName } from './themes.ts';

const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const OUTPUT = local('../output/');

export interface View {
  readonly state: StateName;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

/** The panel in a real browser, with a host that is played. */
export interface PanelBrowser {
  open(view: View): Promise<Page>;
  picture(page: Page, name: string): Promise<void>;
  /** What went wrong in the pages so far. */
  readonly errors: string[];
  close(): Promise<void>;
}

export async function startPanelBrowser(): Promise<PanelBrowser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(executablePath))
    throw new Error(
      `No Chromium at ${executablePath}: set CHROMIUM to one, or GRADLENS_NO_BROWSER=1 to leave this test out.`,
    );
  const server = await serve(await bundle());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  const browser: Browser = await chromium.launch({ executablePath, args });
  const errors: string[] = [];
  mkdirSync(OUTPUT, { recursive: true });
  return {
    errors,
    async open({ state, theme = 'dark', width = 700, height = 900 }) {
      const page = await browser.newPage({ viewport: { width, height } });
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      await page.goto(`${origin}/?state=${state}&theme=${theme}`);
      await page.waitForSelector('body[data-status]');
      await settled(page);
      return page;
    },
    picture: async (page, name) => void (await page.screenshot({ path: `${OUTPUT}panel-${name}.png` })),
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/** Resizing and drawing take a few frames. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 5; i++) await new Promise(requestAnimationFrame);
  });
}

async function bundle(): Promise<Map<string, string>> {
  const entryPoints = { flow: local('../../webview/flow/main.ts'), host: local('host.ts') };
  const options = { bundle: true, write: false, outdir: '/', logLevel: 'error' } as const;
  const scripts = await build({ ...options, entryPoints, format: 'iife' });
  const styles = await build({ ...options, entryPoints: { flow: local('../../webview/flow/flow.css') } });
  return new Map([...scripts.outputFiles, ...styles.outputFiles].map(({ path, text }) => [path, text]));
}

/** The panel's own document under its own policy; only the host's script comes before the panel's. */
async function serve(files: Map<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const type = path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html';
    const body = path === '/' ? page() : path === '/favicon.ico' ? '' : files.get(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

function page(): string {
  const html = panelHtml({ scriptUri: '/flow.js', styleUri: '/flow.css', cspSource: "'self'", nonce: 'abc123' });
  return html.replace('<script', '<script nonce="abc123" src="/host.js"></script>\n<script');
}
