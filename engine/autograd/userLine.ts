/** Where the program is now. Cheap as long as nobody reads the stack: V8 writes it out when it is asked for. */
export function trace(frames = 10): Error {
  const limit: unknown = Reflect.get(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', frames);
  const error = new Error();
  Reflect.set(Error, 'stackTraceLimit', limit);
  return error;
}

const fileOf = (frame: string): string => /(\S+?):\d+:\d+\)?$/.exec(frame)?.[1].replace('(', '') ?? '';

/** The innermost frames of a trace that aren't the engine's own (its folder's, or its one file's when it is bundled) or Node's. */
export function userFrames({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  const own = fileOf(frames[0] ?? '').replace(/autograd[\\/]userLine\.ts$/, '');
  return frames
    .filter((frame) => !fileOf(frame).startsWith(own) && !fileOf(frame).startsWith('node:'))
    .slice(0, 3)
    .join('\n');
}
