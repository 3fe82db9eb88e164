import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { givenPaths } from '../probe/givenPaths.ts';
import { isUserFile } from '../probe/sites.ts';
import type { Site } from '../site.ts';

/** How long to try, in milliseconds; not every build of Node lets itself be asked. */
const PATIENCE = 1500;

interface CallFrame {
  readonly url: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}

/**
 * Where a training process is that answers nothing any more, an endless loop say: has Node open its inspector (which
 * works however busy the thread is) and asks for the call stack. The process is left paused; null if it can't be asked.
 */
export async function whereIsItBusy(child: ChildProcess, script: string): Promise<Site | null> {
  const { pid } = child;
  if (pid === undefined) return null;
  const { promise, resolve } = Promise.withResolvers<Site | null>();
  const timer = setTimeout(resolve, PATIENCE, null);
  let socket: WebSocket | null = null;
  const onText = (text: string) => {
    const url = /ws:\/\/[\w.:/-]+/.exec(text)?.[0];
    if (!url || socket) return;
    try {
      socket = askForStack(url, givenPaths(script), resolve);
    } catch {
      resolve(null); // a Node without WebSocket
    }
  };
  child.stderr?.on('data', onText);
  try {
    // Node's own door for `node inspect -p`: a signal where there are signals, a remote thread on Windows.
    (process as unknown as { _debugProcess(pid: number): void })._debugProcess(pid);
    return await promise;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    child.stderr?.off('data', onText);
    (socket as WebSocket | null)?.close();
  }
}

function askForStack(url: string, asGiven: (real: string) => string, resolve: (site: Site | null) => void): WebSocket {
  const socket = new WebSocket(url);
  const urls = new Map<string, string>();
  socket.onopen = () => {
    socket.send(JSON.stringify({ id: 1, method: 'Debugger.enable' }));
    socket.send(JSON.stringify({ id: 2, method: 'Debugger.pause' }));
  };
  socket.onerror = () => resolve(null);
  socket.onmessage = ({ data }) => {
    const { method, params } = JSON.parse(String(data));
    if (method === 'Debugger.scriptParsed') urls.set(params.scriptId, params.url);
    if (method === 'Debugger.paused') resolve(userSite(params.callFrames, urls, asGiven));
  };
  return socket;
}

function userSite(
  frames: readonly CallFrame[],
  urls: ReadonlyMap<string, string>,
  asGiven: (real: string) => string,
): Site | null {
  for (const { url, location } of frames) {
    const name = url || urls.get(location.scriptId) || '';
    const file = name.startsWith('file:') ? fileURLToPath(name) : name;
    if (isUserFile(file))
      return { file: asGiven(file), line: location.lineNumber + 1, column: location.columnNumber + 1 };
  }
  return null;
}
