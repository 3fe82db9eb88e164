import { randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';

/** The watching end of a run's stream: frames come in, control goes out. */
export interface Link {
  readonly port: number;
  readonly token: string;
  /** Called with every chunk of the stream, after the token. */
  onData: (chunk: Uint8Array) => void;
  onClose: () => void;
  send(message: object): void;
  close(): void;
}

/**
 * Listens on a loopback port for one training process, which names itself by a random token. Loopback TCP because it
 * is the same for worker threads, Python, terminals and every platform.
 */
export async function listen(): Promise<Link> {
  const token = randomBytes(24).toString('hex');
  const greeting = Buffer.from(`${token}\n`);
  let connection: net.Socket | null = null;
  const waiting: string[] = [];
  const server = net.createServer((socket) => greet(socket, greeting, accept));

  function accept(socket: net.Socket, first: Buffer): void {
    server.close(); // one process, one connection
    connection = socket;
    socket.setNoDelay(true);
    for (const line of waiting) socket.write(line);
    if (first.length) link.onData(first);
    socket.on('data', (chunk) => link.onData(chunk));
    socket.on('close', () => link.onClose());
  }

  const link: Link = {
    port: 0,
    token,
    onData: () => {},
    onClose: () => {},
    send(message) {
      const line = `${JSON.stringify(message)}\n`;
      if (connection?.writable) connection.write(line);
      else if (!connection) waiting.push(line);
    },
    close() {
      server.close();
      connection?.destroy();
    },
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(link, { port: (server.address() as net.AddressInfo).port });
}

/** Lets a connection in once it has said the token; anything else is cut off. */
function greet(socket: net.Socket, greeting: Buffer, accept: (socket: net.Socket, rest: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('error', () => {});
  const listen = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < greeting.length) return;
    socket.off('data', listen);
    if (!timingSafeEqual(bytes.subarray(0, greeting.length), greeting)) socket.destroy();
    else accept(socket, bytes.subarray(greeting.length));
  };
  socket.on('data', listen);
}
