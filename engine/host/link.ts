import { randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';
import { FrameDecoder } from '../run/codec.ts';
import type { Frame } from '../run/frame.ts';

/** The watching end of runs' streams: frames come in, control goes out. */
export interface Link {
  readonly port: number;
  readonly token: string;
  /** Lets processes in that name themselves by the token: one, or as many as there are ranks. Until then they wait. */
  open(onConnect: (connection: Connection) => void): void;
  /** Lets nobody in any more; those who are in stay. */
  close(): void;
}

/** The stream of one process. */
export interface Connection {
  /** Called with frames as they come. */
  onFrames: (frames: readonly Frame[]) => void;
  onClose: () => void;
  send(message: object): void;
  close(): void;
}

/**
 * Listens on a loopback port for training processes, which name themselves by a random token. Loopback TCP because it
 * is the same for worker threads, Python, terminals and every platform.
 */
export async function listen(): Promise<Link> {
  const token = randomBytes(24).toString('hex');
  const greeting = Buffer.from(`${token}\n`);
  let onConnect: ((connection: Connection) => void) | null = null;
  const waiting: (() => void)[] = [];
  const server = net.createServer((socket) =>
    greet(socket, greeting, (first) => {
      const enter = () => {
        const { connection, take } = connectionOf(socket);
        onConnect?.(connection);
        take(first);
        socket.resume();
      };
      if (onConnect) return enter();
      socket.pause();
      waiting.push(enter);
    }),
  );
  const link: Link = {
    port: 0,
    token,
    open(enter) {
      onConnect = enter;
      for (const late of waiting.splice(0)) late();
    },
    close: () => void server.close(),
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(link, { port: (server.address() as net.AddressInfo).port });
}

function connectionOf(socket: net.Socket) {
  const decoder = new FrameDecoder();
  const connection: Connection = {
    onFrames: () => {},
    onClose: () => {},
    send(message) {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
    },
    close: () => socket.destroy(),
  };
  socket.setNoDelay(true);
  const take = (chunk: Uint8Array) => {
    const frames = decoder.push(chunk);
    if (frames.length) connection.onFrames(frames);
  };
  socket.on('data', take);
  socket.on('close', () => connection.onClose());
  return { connection, take };
}

/** Lets a connection in once it has said the token; anything else is cut off. */
function greet(socket: net.Socket, greeting: Buffer, accept: (rest: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  const listen = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < greeting.length) return;
    socket.off('data', listen);
    if (!timingSafeEqual(bytes.subarray(0, greeting.length), greeting)) socket.destroy();
    else accept(bytes.subarray(greeting.length));
  };
  socket.on('data', listen);
}
