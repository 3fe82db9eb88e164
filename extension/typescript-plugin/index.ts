// Runs inside VS Code's TypeScript server: gives a script its IntelliSense for `gradlens` in a folder that has
// nothing but the script. A project that has installed or declared `gradlens` itself is left alone.
import path from 'node:path';
import { isHarmless } from './harmless.ts';
import {
  type Diagnostic,
  inferredProject,
  type LanguageService,
  type LanguageServiceHost,
  type PluginCreateInfo,
} from './tsserver.ts';

// from <extension>/node_modules/gradlens-typescript-plugin
const types = path.resolve(__dirname, '../../dist/types/index.d.ts').replaceAll('\\', '/');

export default function plugin() {
  return {
    create({ languageService, languageServiceHost, project }: PluginCreateInfo): LanguageService {
      resolveGradlens(languageServiceHost);
      return project.projectKind === inferredProject ? forgiving(languageService) : languageService;
    },
  };
}

function resolveGradlens(host: LanguageServiceHost): void {
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (!resolve) return;
  const resolvedModule = { resolvedFileName: types, extension: '.d.ts', isExternalLibraryImport: true };
  host.resolveModuleNameLiterals = (literals, ...more) =>
    resolve(literals, ...more).map((found, i) =>
      literals[i].text === 'gradlens' && !found.resolvedModule ? { ...found, resolvedModule } : found,
    );
}

/** Without a tsconfig.json TypeScript is strict; a small script needn't annotate `forward(x)`. */
function forgiving(service: LanguageService): LanguageService {
  const filter = (file: string, diagnostics: Diagnostic[]) => {
    const text = service.getProgram()?.getSourceFile(file)?.text ?? '';
    return /from\s*['"]gradlens['"]/.test(text) ? diagnostics.filter(({ code }) => !isHarmless(code)) : diagnostics;
  };
  return {
    ...service,
    getSemanticDiagnostics: (file) => filter(file, service.getSemanticDiagnostics(file)),
    getSuggestionDiagnostics: (file) => filter(file, service.getSuggestionDiagnostics(file)),
  };
}
