import type { Disposable } from 'vscode';

/** Collects what must go together. What is added after the end goes at once. */
export class Disposables implements Disposable {
  readonly #all: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#all.push(disposable);
    return disposable;
  }

  dispose(): void {
    this.#disposed = true;
    for (const disposable of this.#all.splice(0).reverse()) disposable.dispose();
  }
}
