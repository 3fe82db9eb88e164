import { readBytes } from './files.ts';

/** The text of a file in UTF-8, unpacked if it is gzip. */
export const readText = (path: string | URL): string => readBytes(path).toString('utf8');
