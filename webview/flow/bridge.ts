import type { Channel } from '../rpc.ts';

interface VsCode {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCode;

export const vscode = acquireVsCodeApi();

export const hostChannel: Channel = {
  post: (message) => vscode.postMessage(message),
  on(listener) {
    const receive = (event: MessageEvent) => listener(event.data);
    window.addEventListener('message', receive);
    return () => window.removeEventListener('message', receive);
  },
};
