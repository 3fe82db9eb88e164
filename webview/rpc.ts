import { createBirpc } from 'birpc';

/** How messages travel; the extension host gives a webview's, the panel its window's, a test two arrays'. */
export interface Channel {
  /** A promise of `false` means that nobody was there to take it. */
  post(message: unknown): unknown;
  /** Answers with the function that stops listening. */
  on(listener: (message: unknown) => void): () => void;
}

type AnyFunction = (...args: never[]) => unknown;

/** The functions of `F` as the other side calls them: every call settles with a result, an error or {@link Closed}. */
export type Remote<F> = {
  readonly [K in keyof F]: F[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};

/** The functions of `F` as this side offers them; each may take its time. */
export type Local<F> = {
  readonly [K in keyof F]: F[K] extends (...args: infer A) => infer R ? (...args: A) => R | Promise<R> : never;
};

export interface Connection<F> {
  readonly remote: Remote<F>;
  /** Settles all pending calls with {@link Closed} and stops listening. */
  close(): void;
}

export class Closed extends Error {
  override name = 'Closed';
  constructor() {
    super('The connection is closed.');
  }
}

/** Offers `local` on the channel and calls what the other side offers. Both sides use this one function. */
export function connect<Theirs extends object, Ours extends object>(
  local: Local<Ours>,
  channel: Channel,
  timeout = 60_000,
): Connection<Theirs> {
  let closed = false;
  let stopListening = () => {};
  const rpc = createBirpc<Record<string, AnyFunction>>(local, {
    timeout,
    post: async (message: unknown) => {
      if ((await channel.post(message)) === false) throw new Error('The message could not be delivered.');
    },
    on: (listener) => {
      stopListening = channel.on((message) => isOurs(message) && listener(message));
    },
    off: () => stopListening(),
    resolver: (name) =>
      Object.hasOwn(local, name) ? guarded(local[name as keyof typeof local] as AnyFunction) : undefined,
    serialize: (message) => ('e' in message ? { ...message, e: plainError(message.e) } : message),
    deserialize: (message) => ('e' in message ? { ...message, e: Object.assign(new Error(), message.e) } : message),
    // An answer that can't be posted any more concerns nobody; a request that can't be posted must fail (no name given).
    onGeneralError: (_error, name) => name !== undefined,
  });
  const call = async (name: string, args: never[]) => {
    if (closed) throw new Closed();
    return rpc.$call(name, ...args);
  };
  const remote = new Proxy({} as Remote<Theirs>, {
    // A proxy that answered to `then` would be taken for a promise.
    get: (_, name) =>
      typeof name === 'string' && name !== 'then' ? (...args: never[]) => call(name, args) : undefined,
  });
  return {
    remote,
    close() {
      closed = true;
      rpc.$close(new Closed());
    },
  };
}

/** Whatever is thrown arrives as an error; birpc takes a falsy one for success. */
function guarded(fn: AnyFunction) {
  return async (...args: unknown[]) => {
    try {
      return await fn(...(args as never[]));
    } catch (error) {
      throw error instanceof Error ? error : new Error(String(error));
    }
  };
}

/** Errors don't survive the JSON that carries messages to a webview. */
function plainError(error: unknown) {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

function isOurs(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 't' in message && (message.t === 'q' || message.t === 's');
}
