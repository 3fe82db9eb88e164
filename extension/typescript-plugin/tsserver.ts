// The little of tsserver's plugin interface that is used here. (The `typescript` of this project is the native
// compiler, which has no such interface; VS Code brings its own tsserver.)

export interface ModuleLiteral {
  readonly text: string;
}

export interface ModuleResolution {
  readonly resolvedModule:
    | { readonly resolvedFileName: string; readonly extension: string; readonly isExternalLibraryImport: boolean }
    | undefined;
}

export interface Diagnostic {
  readonly code: number;
}

export interface LanguageServiceHost {
  resolveModuleNameLiterals?(literals: readonly ModuleLiteral[], ...more: unknown[]): readonly ModuleResolution[];
}

export interface LanguageService {
  getSemanticDiagnostics(file: string): Diagnostic[];
  getSuggestionDiagnostics(file: string): Diagnostic[];
  getProgram(): { getSourceFile(file: string): { readonly text: string } | undefined } | undefined;
}

export interface PluginCreateInfo {
  readonly languageService: LanguageService;
  readonly languageServiceHost: LanguageServiceHost;
  readonly project: { readonly projectKind: number };
}

/** `ts.server.ProjectKind.Inferred`: a file that no tsconfig.json speaks for. */
export const inferredProject = 0;
