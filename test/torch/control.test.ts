import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Connection, listen } from '../../engine/host/link.ts';
import type { ControlMessage } from '../../engine/host/messages.ts';
import { FrameDecoder } from '../../engine/run/codec.ts';
import type { Frame } from '../../engine/run/frame.ts';
import { type Interpreter, interpreters, packages, runAtOnce, watching } from './python.ts';

type Of<K extends Frame['kind']> = Extract<Frame, { kind: K }>;

/** A script that is watched over a link, and what it says. */
class Talk {
  readonly frames: Frame[] = [];
  readonly outcome: ReturnType<typeof runAtOnce>;
  readonly #connection: Promise<Connection>;
  #heard = () => {};
  #at = 0;

  static async with(python: Interpreter, args: readonly string[] = [], options: object = {}): Promise<Talk> {
    const link = await listen();
    const owned = { owned: true, ...options }; // a test that fails leaves no process behind
    const talk = new Talk(link, (env) => runAtOnce(python, 'endless.py', { args, env }), owned);
    onTestFinished(() => talk.hangUp());
    return talk;
  }

  private constructor(
    link: Awaited<ReturnType<typeof listen>>,
    run: (env: Record<string, string>) => ReturnType<typeof runAtOnce>,
    options: object,
  ) {
    this.#connection = new Promise((resolve) => {
      link.open((connection) => {
        connection.onFrames = (frames) => {
          this.frames.push(...frames);
          this.#heard();
        };
        resolve(connection);
      });
    });
    const { GRADLENS_LOG: _, ...environment } = watching('', 100, options);
    this.outcome = run({ ...environment, GRADLENS_LINK: `127.0.0.1:${link.port}`, GRADLENS_TOKEN: link.token });
    this.outcome.finally(() => link.close());
  }

  async say(message: ControlMessage): Promise<void> {
    (await this.#connection).send(message);
  }

  async hangUp(): Promise<void> {
    (await this.#connection).close();
  }

  /** The next frame of a kind, among those not looked at. */
  async next<K extends Frame['kind']>(kind: K, fits: (frame: Of<K>) => boolean = () => true): Promise<Of<K>> {
    for (;;) {
      while (this.#at < this.frames.length) {
        const frame = this.frames[this.#at++];
        if (frame.kind === kind && fits(frame as Of<K>)) return frame as Of<K>;
      }
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

const paused = (frame: Of<'phase'>) => frame.state === 'paused';

describe.skipIf(interpreters.length === 0).each(interpreters)('torch $torch', (python) => {
  test('pause, step by phases and steps, inspect, resume, stop', async () => {
    const talk = await Talk.with(python);
    await talk.next('step', ({ step }) => step === 3);
    await talk.say({ do: 'pause' });
    const phases: string[] = [];
    let at = await talk.next('phase', paused);
    const began = at.step;
    for (let i = 0; i < 3; i++) {
      phases.push(at.phase);
      await talk.say({ do: 'step', until: 'phase' });
      at = await talk.next('phase', paused);
    }
    expect(phases.sort()).toEqual(['backward', 'forward', 'update']);
    expect(at.step).toBe(began + 1);
    await talk.say({ do: 'step', until: 'step' });
    const next = await talk.next('phase', paused);
    expect([next.phase, next.site?.line]).toEqual(['forward', 17]);
    const ask = { do: 'inspect', of: 'weight', start: [1], count: [1, 2] } as const;
    await talk.say({ ...ask, request: 7, id: 0 });
    const answer = await talk.next('tensor');
    expect(answer).toMatchObject({ request: 7, problem: null, shape: [3, 2], start: [1, 0], count: [1, 2] });
    expect(answer.values).toHaveLength(2);
    expect(answer.statistics.max).toBeGreaterThanOrEqual(Math.max(...(answer.values as number[])));
    await talk.say({ ...ask, request: 8, id: 99 });
    expect((await talk.next('tensor')).problem).toMatch(/not in memory/);
    await talk.say({ do: 'resume' });
    await talk.next('step', ({ step }) => step > next.step + 5);
    await talk.say({ do: 'stop', reason: 'settled' });
    expect(await talk.outcome).toMatchObject({ stdout: 'tidied up\n', stderr: '', code: 0 });
    expect(await talk.next('end')).toMatchObject({ ended: 'settled', exitCode: 0 });
  });

  test('so many steps and no more', async () => {
    const talk = await Talk.with(python, [], { steps: 5 });
    expect(await talk.outcome).toMatchObject({ stdout: 'tidied up\n', code: 0 });
    const end = await talk.next('end');
    expect(end).toMatchObject({ ended: 'stopped', message: 'Stopped after 5 steps, as asked.' });
    expect(talk.frames.filter(({ kind }) => kind === 'step')).toHaveLength(5);
  });

  test('a script that does not answer says where it was, and ends', async () => {
    const talk = await Talk.with(python, ['hang']);
    await talk.next('step', ({ step }) => step === 3);
    await talk.say({ do: 'abort', reason: 'stopped', message: 'Stopped.', site: null });
    expect((await talk.outcome).code).toBe(1);
    expect(await talk.next('end')).toMatchObject({
      ended: 'stopped',
      message: expect.stringMatching(/busy at line (17|18|19|20) /),
    });
  });

  test('an owned process does not outlive whoever watches it', async () => {
    const talk = await Talk.with(python);
    await talk.next('step');
    await talk.hangUp();
    expect(await talk.outcome).toMatchObject({ signal: 'SIGTERM' });
  });

  test('a reader that reads nothing delays nobody', async () => {
    const taken = new Promise<number>((resolve) => {
      const server = net
        .createServer((socket) => socket.pause())
        .listen(0, '127.0.0.1', () => {
          resolve((server.address() as net.AddressInfo).port);
        });
      server.unref();
    });
    const link = { GRADLENS_LINK: `127.0.0.1:${await taken}`, GRADLENS_TOKEN: 'x' };
    const { GRADLENS_LOG: _, ...environment } = watching('', 100, { steps: 3000 });
    const outcome = await runAtOnce(python, 'endless.py', { env: { ...environment, ...link } });
    expect(outcome).toMatchObject({ stdout: 'tidied up\n', stderr: '', code: 0 });
  });

  test('a reader that is behind when the run is held hears of it, and of the last step', async () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'gradlens-test-')), 'read');
    onTestFinished(() => fs.rmSync(path.dirname(file), { recursive: true }));
    const outcome = await runAtOnce(python, 'behind.py', { args: [file], env: { PYTHONPATH: packages } });
    expect(outcome).toMatchObject({ stderr: '', code: 0 });
    const frames = new FrameDecoder().push(fs.readFileSync(file).subarray(Buffer.byteLength('x\n')));
    const steps = frames.filter((frame) => frame.kind === 'step');
    const missed = frames.reduce((sum, frame) => sum + (frame.kind === 'gap' ? frame.steps : 0), 0);
    expect(missed).toBeGreaterThan(0);
    expect(steps.length + missed).toBe(400);
    expect(steps.at(-1)?.step).toBe(399);
    expect(frames.at(-1)).toMatchObject({ kind: 'phase', state: 'paused', step: 400 });
  });
});
