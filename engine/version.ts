import manifest from '../package.json' with { type: 'json' };

/** The engine's version is the extension's. */
export const version: string = manifest.version;
