import fs from 'node:fs';
import path from 'node:path';

/**
 * Node names modules by their real path. A person who opened a script through a symbolic link, or on a drive whose
 * letter they write small, knows it by another, and so does the editor: this turns the real one into theirs.
 * @param script The path as it was given.
 */
export function givenPaths(script: string): (real: string) => string {
  const given = path.resolve(script);
  const real = realPath(given);
  if (real === given) return (file) => file;
  let [from, to] = [real, given];
  // Up to the link itself: a link may be called like what it leads to, and what lies beside it has no other name.
  const isBelowLink = () =>
    path.basename(from) === path.basename(to) &&
    path.dirname(to) !== to &&
    realPath(path.dirname(to)) === path.dirname(from);
  while (isBelowLink()) [from, to] = [path.dirname(from), path.dirname(to)];
  const within = from.endsWith(path.sep) ? from : from + path.sep;
  return (file) => (file.startsWith(within) ? path.join(to, file.slice(within.length)) : file === from ? to : file);
}

function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file);
  } catch {
    return file; // it isn't there: loading it will say so
  }
}
