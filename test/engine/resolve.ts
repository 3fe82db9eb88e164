// `node --import …/resolve.ts script.ts`: lets a script's `import … from 'gradlens'` find the engine's sources.
import { registerHooks } from 'node:module';

const engine = new URL('../../engine/index.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'gradlens' ? { url: engine, shortCircuit: true } : next(specifier, context),
});
