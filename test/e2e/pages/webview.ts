import type { FrameLocator, Locator, Page } from 'playwright-core';

/** The extension's panel. Its page lies in two nested frames: VS Code's own around the extension's. */
export class Webview {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get frame(): FrameLocator {
    return this.#page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  /** A Markdown text as VS Code renders it. */
  get markdown(): FrameLocator {
    return this.#page
      .frameLocator('iframe.webview.ready[src*="markdown-language-features"]')
      .frameLocator('#active-frame');
  }

  locator(selector: string): Locator {
    return this.frame.locator(selector);
  }

  /** By how many pixels the page is wider than its frame: what a person would have to scroll sideways. */
  overflow(): Promise<number> {
    return this.frame.locator('html').evaluate((html) => html.scrollWidth - html.clientWidth);
  }

  /** How many pixels of a canvas are painted. */
  paintedPixels(selector: string): Promise<number> {
    return this.frame.locator(selector).evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
  }
}
