import fs from 'node:fs';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { inRoot } from '../../../tools/support/paths.mjs';
import { Editor } from './editor.ts';
import { Problems } from './problems.ts';
import { Webview } from './webview.ts';

export const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
} as const;

type Settings = Readonly<Record<string, unknown>>;

/** VS Code's window: what a person does in it, in a person's words. */
export class Workbench {
  readonly page: Page;
  readonly editor: Editor;
  readonly problems: Problems;
  readonly webview: Webview;
  readonly #changeSettings: (settings: Settings) => void;

  constructor(page: Page, changeSettings: (settings: Settings) => void) {
    this.page = page;
    this.#changeSettings = changeSettings;
    this.editor = new Editor(page);
    this.problems = new Problems(page, this);
    this.webview = new Webview(page);
  }

  async isUp(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** Runs a command of the palette by its title. */
  async command(title: string): Promise<void> {
    await this.#quickInput(`>${title}`, title);
  }

  /** A folder that VS Code doesn't know is opened in restricted mode. */
  async trustFolder(): Promise<void> {
    await this.command('Workspaces: Manage Workspace Trust');
    await this.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    const close = this.page
      .locator('.modal-editor-part, .monaco-modal-editor-block')
      .getByRole('button', { name: /^Close/ });
    await close.first().click();
  }

  /** Opens a file by Go to File. */
  async openFile(name: string): Promise<void> {
    await this.#quickInput(name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** Types an empty folder's path into the dialog that VS Code shows where the system's own isn't to be had. */
  async chooseFolder(folder: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget:visible');
    const input = widget.locator('input.input');
    const rows = widget.locator('.monaco-list-row');
    await expect.poll(() => input.inputValue()).toContain('/');
    // it shows what is where it begins; what is typed before that is added to its path
    await rows.first().waitFor();
    const path = `${folder}/`;
    await expect
      .poll(async () => {
        if ((await input.inputValue()) !== path) await input.fill(path);
        return [await input.inputValue(), ...(await rows.allInnerTexts())];
      })
      .toEqual([path, '..']);
    await input.press('Enter');
  }

  async #quickInput(text: string, row: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const widget = this.page.locator('.quick-input-widget:visible');
    await widget.locator('input.input').fill(text);
    await widget.locator('.monaco-list-row', { hasText: row }).first().click();
  }

  /** The status bar's item that shows this text. */
  statusItem(text: string | RegExp) {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** All that the status bar says. */
  async statusText(): Promise<string> {
    return (await this.page.locator('.statusbar-item').allInnerTexts()).join('  ');
  }

  /** Takes the focus away from everything in the very moment that the status bar says this. */
  async leaveEditorWhen(status: string): Promise<void> {
    await this.page.waitForFunction(
      (said) => {
        const bar = document.querySelector<HTMLElement>('.part.statusbar');
        if (!bar?.innerText.includes(said)) return false;
        (document.activeElement as HTMLElement | null)?.blur();
        return true;
      },
      status,
      { polling: 'raf' },
    );
  }

  /** The toast that shows this text. */
  notification(text: string | RegExp) {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  async useTheme(name: keyof typeof themes): Promise<void> {
    this.#changeSettings({ 'workbench.colorTheme': themes[name] });
    const kind = { light: 'vs', dark: 'vs-dark', 'high-contrast': 'hc-black', 'high-contrast-light': 'hc-light' }[name];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Kept in test/output for whoever wants to look. */
  async screenshot(name: string): Promise<void> {
    fs.mkdirSync(inRoot('test/output'), { recursive: true });
    await this.page.screenshot({ path: inRoot('test/output', `${name}.png`) });
  }
}
