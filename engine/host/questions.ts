import type { Frame, TensorFrame } from '../run/frame.ts';
import type { Inspection } from '../run/inspection.ts';
import type { Connection } from './link.ts';

interface Question {
  readonly connection: Connection;
  readonly answer: (frame: TensorFrame) => void;
}

/** Requests to inspect that are under way. Each is answered: by a tensor, or by why there is none. */
export class Questions {
  readonly #open = new Map<number, Question>();
  #count = 0;

  ask(connection: Connection, what: Inspection): Promise<TensorFrame> {
    const request = ++this.#count;
    return new Promise((answer) => {
      this.#open.set(request, { connection, answer });
      connection.send({ do: 'inspect', request, ...what });
    });
  }

  hear(connection: Connection, frames: readonly Frame[]): void {
    for (const frame of frames) {
      if (frame.kind === 'tensor') this.#settle(frame.request, frame);
      // A process that goes on has answered what it was asked in time.
      else if (frame.kind === 'phase' && frame.state === 'resumed') this.#settleAll(connection, 'The run has gone on.');
      else if (frame.kind === 'end') this.close(connection);
    }
  }

  close(connection: Connection): void {
    this.#settleAll(connection, 'The run has ended.');
  }

  #settleAll(connection: Connection, problem: string): void {
    for (const [request, question] of this.#open)
      if (question.connection === connection) this.#settle(request, noTensor(problem));
  }

  #settle(request: number, answer: TensorFrame): void {
    this.#open.get(request)?.answer(answer);
    this.#open.delete(request);
  }
}

/** The answer where there is nothing to see. */
export function noTensor(problem: string): TensorFrame {
  const nothing = { shape: [], dtype: '', start: [], count: [], values: [], statistics: {} };
  return { kind: 'tensor', request: 0, problem, ...nothing };
}
