import net from 'node:net';

/** A free port of the loopback address: `wanted` if given and free, else null; any free one for 0. */
export function freePort(wanted = 0) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(null));
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
