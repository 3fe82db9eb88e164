import { beside, type Command, ours, type Python, python } from './processes.ts';

/** Who is measured. */
export interface Subject {
  readonly name: string;
  readonly kind: 'ours' | 'statistics' | 'torch' | 'peer';
  /** Which peer, which kernels, or which torch: what targets go by. */
  readonly is: string;
  readonly threads: string;
  /** The program that times a workload for so many seconds, beginning with what the file `start` has. */
  command(workload: string, seconds: string, start: string): Command;
}

/** What GRADLENS_THREADS is told. */
const THREADS = ['1', '2', 'auto'];

function engine(kernels: 'wide' | 'narrow', threads: string, statistics = false): Subject {
  const width = kernels === 'wide' ? 'ours, 256-bit' : 'ours, 128-bit';
  const many = threads === '1' ? '' : `, ${threads} threads`;
  return {
    name: `${width}${many}${statistics ? ', statistics' : ''}`,
    kind: statistics ? 'statistics' : 'ours',
    is: kernels,
    threads,
    command: (workload, seconds) =>
      ours('speed', [workload, seconds, ...(statistics ? ['statistics'] : [])], kernels, threads),
  };
}

const torch = (interpreter: Python, threads: string): Subject => ({
  name: `torch ${interpreter.version}${threads === '1' ? '' : `, ${threads} threads`}`,
  kind: 'torch',
  is: interpreter.version,
  threads,
  command: (workload, seconds, start) => python(interpreter, 'speed', [workload, seconds, threads, start], threads),
});

const peer = ([file, name]: readonly [string, string]): Subject => ({
  name,
  kind: 'peer',
  is: file,
  threads: '1',
  command: (workload, seconds, start) => ({
    command: process.execPath,
    arguments: [beside('peers', 'peer.mjs'), file, workload, seconds, start],
  }),
});

const PEERS = [
  ['tfjs', 'tfjs-wasm'],
  ['jax', 'jax-js'],
  ['jsPytorch', 'js-pytorch'],
] as const;

/** The first is the one that the others are compared with. */
export function subjects(pythons: readonly Python[], withPeers: boolean): Subject[] {
  return [
    ...THREADS.map((threads) => engine('wide', threads)),
    engine('wide', '1', true),
    engine('narrow', '1'),
    ...pythons.flatMap((interpreter) => ['1', '2'].map((threads) => torch(interpreter, threads))),
    ...(withPeers ? PEERS.map(peer) : []),
  ];
}
