/** Rows of a table in a hover; what is beyond is summed up. */
export const MOST_ROWS = 14;
export const lines = (...parts: readonly (string | null)[]) => parts.filter((part) => part).join('\n\n');
export const shapeText = (shape: readonly number[]) => `[${shape.join(', ')}]`;

/** Columns after the first `texts` are of numbers. */
export function table(rows: readonly (readonly string[])[], head: readonly string[], texts = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const alignment = head.map((_, i) => (i < texts ? '---' : '---:'));
  return [head, alignment, ...rows].map(line).join('\n');
}

/** Names come from scripts and from logs of other people's: they must not be taken for Markdown. */
export const plain = (text: string) => text.replace(/[\\`*_[\]<>|$~]/g, '\\$&');

export const heading = (name: string, description: string) => `**${plain(name)}** &nbsp; ${plain(description)}`;

/** The parts of a line that there are. */
export const line = (...parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(' · ');
