import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readLog } from '../../engine/host/readLog.ts';
import { interpreters, newLog, runAtOnce, watching } from './python.ts';

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test('two ranks: a log each, and whose own gradient is far larger', { timeout: 120_000 }, async () => {
    const together = async (extra: Readonly<Record<string, string>>) => {
      const port = String(await freePort());
      const ranks = ['0', '1'].map((RANK) => {
        const env = { RANK, LOCAL_RANK: RANK, WORLD_SIZE: '2', MASTER_ADDR: '127.0.0.1', MASTER_PORT: port, ...extra };
        return runAtOnce(python, 'ranks.py', { env });
      });
      return Promise.all(ranks);
    };
    const log = newLog();
    const plain = await together({});
    const watched = await together(watching(log, 100));
    expect(watched).toEqual(plain);
    expect(watched[0].stdout).toContain('fingerprint');
    const { run: first } = await readLog(log);
    const second = first.ranks.get(1)!;
    expect(first.start).toMatchObject({ rank: 0, worldSize: 2 });
    expect(second.start).toMatchObject({ rank: 1, worldSize: 2 });
    expect(first.parameters.map(({ name }) => name)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect(first.layers.map(({ name }) => name).slice(0, 2)).toEqual(['model', '0']);
    for (const { id } of first.parameters) {
      const [a, b] = [first.latestParameter(id), second.latestParameter(id)];
      // averaged: the same on both
      expect(a('gradientNorm')).toBeCloseTo(b('gradientNorm'), 5);
      expect(a('localGradientNorm')).not.toBeCloseTo(b('localGradientNorm'), 5);
    }
    const own = (run: typeof first) => run.latestParameter(0)('localGradientNorm');
    expect(own(second)).toBeGreaterThan(5 * own(first));
  });
});
