import type { Locator, Page } from 'playwright-core';

export class Editor {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** A button at the top right of the editor. */
  titleButton(label: string | RegExp): Locator {
    return this.#page.locator('.editor-actions').getByRole('button', { name: label });
  }

  /** What is offered above lines of code. */
  async lenses(): Promise<string> {
    return (await this.#page.locator('.monaco-editor .codelens-decoration').allInnerTexts()).join('\n');
  }

  /** A line of code on the screen, by a part of its text. */
  line(text: string): Locator {
    // the editor draws spaces as non-breaking ones
    return this.#page.locator('.monaco-editor .view-line', { hasText: text }).first();
  }

  /**
   * Rests the mouse on a word of a line until the hover says what is awaited, and gives the hover's text. (Providers
   * answer one after the other, and TypeScript's server only after it has loaded.)
   */
  async hover(line: string, word: string, awaited: RegExp, timeout = 300_000): Promise<string> {
    let said = '';
    for (const end = Date.now() + timeout; Date.now() < end; ) {
      await this.#page.mouse.move(2, 2);
      const { x, y } = await this.#place(line, word);
      await this.#page.mouse.move(x, y, { steps: 3 });
      const hover = this.#page.locator('.monaco-hover:visible', { hasText: awaited }).first();
      said = await hover.innerText({ timeout: 6_000 }).catch(() => said);
      if (awaited.test(said)) return said;
    }
    throw new Error(`no hover on "${word}" says ${awaited}; what is shown: ${await this.#shownHover()}`);
  }

  #shownHover(): Promise<string> {
    return this.#page
      .locator('.monaco-hover:visible')
      .first()
      .innerText({ timeout: 1_000 })
      .catch(() => 'nothing');
  }

  /** Puts the cursor into a word. */
  async click(line: string, word: string): Promise<void> {
    const { x, y } = await this.#place(line, word);
    await this.#page.mouse.click(x, y);
  }

  /** The middle of a word as drawn: tokens are cut differently by each theme and by semantic colours, so by its text. */
  #place(line: string, word: string): Promise<{ x: number; y: number }> {
    return this.line(line).evaluate((element, wanted) => {
      const text = element.textContent ?? '';
      const start = new RegExp(`(?<![\\w.])${wanted}(?!\\w)`).exec(text)?.index ?? text.indexOf(wanted);
      const range = document.createRange();
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      let [at, began] = [0, false];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const length = node.textContent!.length;
        if (!began && start < at + length) {
          range.setStart(node, start - at);
          began = true;
        }
        if (began && start + wanted.length <= at + length) {
          range.setEnd(node, start + wanted.length - at);
          break;
        }
        at += length;
      }
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return { x: (left + right) / 2, y: (top + bottom) / 2 };
    }, word);
  }

  /** The titles of the quick fixes offered at a word. */
  async quickFixes(line: string, word: string): Promise<string[]> {
    const rows = this.#page.locator('.action-widget .monaco-list-row.action');
    // a key that comes before the editor has the focus, or while another menu closes, goes nowhere
    for (let tries = 0; tries < 5; tries++) {
      await this.click(line, word);
      await this.#page.keyboard.press('Control+.');
      const shown = await rows
        .first()
        .waitFor({ timeout: 6_000 })
        .then(
          () => true,
          () => false,
        );
      if (shown) break;
    }
    return rows.allInnerTexts();
  }

  async chooseQuickFix(title: string | RegExp): Promise<void> {
    await this.#page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first().click();
  }

  /** What decorations add behind lines: it's in no element's text, but in styles. */
  async afterLines(): Promise<string> {
    return this.#page.locator('.monaco-editor .view-line span').evaluateAll((spans) =>
      spans
        .map((span) => getComputedStyle(span, '::after').content)
        .filter((content) => content !== 'none')
        .join('\n'),
    );
  }

  /** What is drawn into the code but isn't part of it: inlay hints and the like. */
  async text(): Promise<string> {
    const lines = await this.#page.locator('.monaco-editor .view-line').allInnerTexts();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }
}
