import { describe, expect, it } from 'vitest';
import { type Channel, Closed, connect, type Local } from '../../webview/rpc.ts';

interface Calculator {
  divide(a: number, b: number): number;
  fail(what: unknown): void;
  wait(): void;
}

/** Two ends whose messages pass through JSON, as VS Code's do. */
function pair(): [Channel, Channel] {
  const listeners: ((message: unknown) => void)[][] = [[], []];
  const end = (mine: 0 | 1): Channel => ({
    post(message) {
      const copy = JSON.parse(JSON.stringify(message));
      queueMicrotask(() => {
        for (const listener of listeners[1 - mine]) listener(copy);
      });
    },
    on(listener) {
      listeners[mine].push(listener);
      return () => void listeners[mine].splice(listeners[mine].indexOf(listener), 1);
    },
  });
  return [end(0), end(1)];
}

const calculator: Local<Calculator> = {
  async divide(a, b) {
    if (b === 0) throw new RangeError('Division by zero.');
    return a / b;
  },
  fail(what) {
    throw what;
  },
  wait: () => new Promise(() => {}),
};

function connected(timeout?: number) {
  const [here, there] = pair();
  const server = connect<object, Calculator>(calculator, there);
  const client = connect<Calculator, object>({}, here, timeout);
  return { server, client, here };
}

describe('every call settles', () => {
  it('with a result', async () => {
    expect(await connected().client.remote.divide(6, 3)).toBe(2);
  });

  it('with an error that keeps its name and message', async () => {
    await expect(connected().client.remote.divide(1, 0)).rejects.toMatchObject({
      name: 'RangeError',
      message: 'Division by zero.',
    });
  });

  it.each([undefined, null, 0, '', 'text'])('with an error, whatever is thrown: %s', async (thrown) => {
    await expect(connected().client.remote.fail(thrown)).rejects.toBeInstanceOf(Error);
  });

  it('with an error for a function that is not there, inherited ones too', async () => {
    const { client } = connected();
    const remote = client.remote as unknown as Record<string, () => Promise<unknown>>;
    await expect(remote.nothing()).rejects.toThrow('nothing');
    await expect(remote.toString()).rejects.toThrow('toString');
  });

  it('with Closed when the connection closes, before or after the call', async () => {
    const { client } = connected();
    const waiting = client.remote.wait();
    client.close();
    await expect(waiting).rejects.toBeInstanceOf(Closed);
    await expect(client.remote.divide(1, 1)).rejects.toBeInstanceOf(Closed);
  });

  it('with an error when nobody answers in time', async () => {
    await expect(connected(20).client.remote.wait()).rejects.toThrow('timeout');
  });

  it('with an error when the message cannot be posted', async () => {
    for (const post of [() => Promise.resolve(false), () => Promise.reject(new Error('Webview is disposed'))]) {
      const { remote } = connect<Calculator, object>({}, { post, on: () => () => {} });
      await expect(remote.divide(1, 1)).rejects.toThrow(/delivered|disposed/);
    }
  });
});

describe('the connection', () => {
  it('stays silent about an answer that nobody can take any more', async () => {
    let receive = (_: unknown) => {};
    connect<object, Calculator>(calculator, {
      post: () => Promise.reject(new Error('Webview is disposed')),
      on: (listener) => {
        receive = listener;
        return () => {};
      },
    });
    receive({ t: 'q', i: '1', m: 'divide', a: [6, 3] });
    // An unhandled rejection here would fail the test run.
    await new Promise((done) => setTimeout(done, 10));
  });

  it('ignores messages of others', async () => {
    const { client, here } = connected();
    for (const message of [null, 'text', { type: 'other' }]) here.post(message);
    expect(await client.remote.divide(1, 2)).toBe(0.5);
  });

  it('may be awaited without being taken for a promise', async () => {
    const { client } = connected();
    expect(await Promise.resolve(client.remote)).toBe(client.remote);
  });
});
