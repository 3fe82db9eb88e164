/** Rows of a table in a hover; what is beyond is summed up. */
export const MOST_ROWS = 14;
export const lines = (...parts: readonly (string | null)[]) => parts.filter((part) => part).join('\n\n');
export const shapeText = (shape: readonly number[]) => `[${shape.join(', ')}]`;

export function table(rows: readonly (readonly string[])[], head: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i ? '---:' : '---'))), ...rows.map((cells) => line(cells))].join('\n');
}

/** Names come from scripts and from logs of other people's: they must not be taken for Markdown. */
export const plain = (text: string) => text.replace(/[\\`*_[\]<>|$~]/g, '\\$&');

export const heading = (name: string, description: string) => `**${plain(name)}** &nbsp; ${plain(description)}`;

/** The parts of a line that there are. */
export const line = (...parts: readonly (string | null | undefined | false)[]) => parts.filter(Boolean).join(' · ');
