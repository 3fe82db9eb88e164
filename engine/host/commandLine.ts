/** How a script is to be run, as a person types it. */
export interface ScriptCommand {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of torchrun; null if the script is run by itself. */
  readonly torchrun: readonly string[] | null;
}

/**
 * Reads a command line such as `LR=0.1 torchrun --nproc_per_node=2 train.py --epochs 3`, of which everything may be left
 * out but the arguments. `script`: the script's file name; what stands before it is for whoever starts it.
 */
export function parseCommand(text: string, script: string): ScriptCommand {
  const words = splitWords(text);
  const environment: Record<string, string> = {};
  while (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) {
    const [name, ...value] = (words.shift() as string).split('=');
    environment[name] = value.join('=');
  }
  const at = words.findIndex((word) => word === script || word.endsWith(`/${script}`) || word.endsWith(`\\${script}`));
  const before = words.slice(0, Math.max(at, 0));
  const launched = words[0] === 'torchrun';
  return {
    arguments: at < 0 ? (launched ? [] : words) : words.slice(at + 1),
    environment,
    torchrun: launched ? (at < 0 ? words : before).slice(1) : null,
  };
}

/** Words as a POSIX shell has them, with quotes and without anything else. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
    words.push(
      word.replace(
        /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
        (_all, double?: string, single?: string, escaped?: string) =>
          double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? escaped ?? '',
      ),
    );
  }
  return words;
}
