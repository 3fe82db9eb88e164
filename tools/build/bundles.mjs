// What is bundled from what. Each value is a complete set of esbuild options; tools/build.mjs runs them.
import fs from 'node:fs';
import path from 'node:path';
import { inRoot, root } from '../support/paths.mjs';

const common = ({ production }) => ({
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  minify: production,
  sourcemap: !production,
  // a script's own class names are shown to the user, and so are the engine's: `Linear`, not `a`
  keepNames: true,
});

/**
 * The first line makes the command line a program; in the other files it means nothing. The second is for bundled
 * CommonJS packages: they call `require` and ask for `__filename`, which an ES module doesn't have.
 */
const engineBanner = [
  '#!/usr/bin/env node',
  "import { createRequire as gradlensCreateRequire } from 'node:module'; const require = gradlensCreateRequire(import.meta.url), __filename = import.meta.filename;",
].join('\n');

/** CommonJS has no `import.meta.url`. The extension starts the engine's processes, so it looks from where they lie. */
const importMetaUrl = {
  define: { 'import.meta.url': 'gradlensImportMetaUrl' },
  banner: {
    js: "const gradlensImportMetaUrl = require('node:url').pathToFileURL(require('node:path').join(__dirname, 'engine', 'extension.js')).href;",
  },
};

const extension = (how) => ({
  ...common(how),
  ...importMetaUrl,
  entryPoints: { extension: 'extension/main.ts' },
  outdir: path.join(how.out, 'dist'),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
});

/** One build with shared chunks: the script's `gradlens` and the process that runs it must hold the same engine. */
const engine = (how) => ({
  ...common(how),
  entryPoints: {
    gradlens: 'engine/host/api.ts',
    child: 'engine/host/child.ts',
    writer: 'engine/host/writer.ts',
    kernelThread: 'engine/host/kernelThread.ts',
    decoder: 'engine/data/readers/decoder.ts',
    cli: 'engine/host/cli.ts',
  },
  outdir: path.join(how.out, 'dist/engine'),
  // beside the entries: code finds its neighbours (the writer thread, the api) relative to itself, in whatever file it lands
  chunkNames: 'shared-[hash]',
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node22',
  banner: { js: engineBanner },
});

const webview = (how) => ({
  ...common(how),
  entryPoints: { flow: 'webview/flow/main.ts' },
  outdir: path.join(how.out, 'dist/webview'),
  format: 'iife',
  platform: 'browser',
  target: 'es2023',
});

const webviewStyle = (how) => ({
  ...common(how),
  entryPoints: { flow: 'webview/flow/flow.css' },
  outdir: path.join(how.out, 'dist/webview'),
});

/** tsserver finds a plugin only as `<extension>/node_modules/<name>`, in development too. */
const typescriptPlugin = (how) => ({
  ...common(how),
  entryPoints: { index: 'extension/typescript-plugin/index.ts' },
  outdir: path.join(how.out, 'node_modules/gradlens-typescript-plugin'),
  footer: { js: 'module.exports = module.exports.default;' },
  format: 'cjs',
  platform: 'node',
  target: 'node18',
});

/** The suites that run inside VS Code, one file each, so that mocha names them. */
const extensionSuites = (how) => ({
  ...common(how),
  entryPoints: [
    { in: 'test/extension/index.ts', out: 'extension' },
    ...fs
      .readdirSync(inRoot('test/extension'))
      .filter((name) => name.endsWith('.suite.ts'))
      .map((name) => ({ in: `test/extension/${name}`, out: `suites/${path.basename(name, '.ts')}` })),
  ],
  outdir: path.join(how.out, 'dist/test'),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode', 'mocha'],
});

/** `out` is a folder that gets what the extension's own folder has: dist/ and node_modules/. */
export function bundles({ production, out }) {
  const shipped = [extension, engine, webview, webviewStyle, typescriptPlugin];
  return (production ? shipped : [...shipped, extensionSuites]).map((options) => options({ production, out }));
}
