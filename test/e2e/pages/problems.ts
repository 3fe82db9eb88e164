import type { Locator, Page } from 'playwright-core';

interface Commands {
  command(title: string): Promise<void>;
}

/** The Problems panel. */
export class Problems {
  readonly #page: Page;
  readonly #commands: Commands;

  constructor(page: Page, commands: Commands) {
    this.#page = page;
    this.#commands = commands;
  }

  async open(): Promise<void> {
    await this.#commands.command('Problems: Focus on Problems View');
    await this.#page.locator('.markers-panel').waitFor();
  }

  async close(): Promise<void> {
    await this.#page.keyboard.press('Control+J');
    await this.#page.locator('.markers-panel').waitFor({ state: 'hidden' });
  }

  /** A row (a problem or the file it is in) that shows this text. */
  row(text: string | RegExp): Locator {
    return this.#page.locator('.markers-panel .monaco-list-row', { hasText: text });
  }
}
