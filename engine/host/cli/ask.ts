import readline from 'node:readline/promises';

/** Asks for one of so many things by number; null for none of them, for Ctrl-C and for the end of the input. */
export async function askWhich(
  count: number,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<number | null> {
  const terminal = readline.createInterface({ input, output });
  const enough = new AbortController();
  terminal.on('SIGINT', () => enough.abort()).on('close', () => enough.abort());
  try {
    for (;;) {
      const { signal } = enough;
      const answer = await terminal.question(`Write ${count > 1 ? `which? [1–${count}` : 'it? [y'}, Enter for no] `, {
        signal,
      });
      if (/^\s*(?:n|no|none)?\s*$/i.test(answer)) return null;
      const number = /^\s*(?:y|yes)\s*$/i.test(answer) ? 1 : Number(answer);
      if (Number.isInteger(number) && number >= 1 && number <= count) return number;
    }
  } catch (error) {
    if (!enough.signal.aborted) throw error;
    output.write('\n');
    return null;
  } finally {
    terminal.close();
  }
}
