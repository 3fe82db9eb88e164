/** Where in the user's source a layer, a parameter or an operation was made. `line` and `column` count from 1. */
export interface Site {
  /** Absolute path of the source file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The same for the same place; all that have none have one in common. */
export const placeKey = (site: Site | null | undefined): string => `${site?.file}:${site?.line}:${site?.column}`;
