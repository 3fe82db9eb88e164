/** No network, no advice, no assistants: what is seen is VS Code and this extension. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // This build starts TypeScript in the wrong extension host while a folder isn't trusted, and then not again in the
  // right one until the page is reloaded. So start it in the right one from the beginning.
  'extensions.supportUntrustedWorkspaces': { 'vscode.typescript-language-features': { supported: true } },
  'git.openRepositoryInParentFolders': 'never',
  'npm.fetchOnlinePackageInfo': false,
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'update.mode': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** The same for tests, where also git's decorations would only come and go. */
export const testSettings = { ...quietSettings, 'git.enabled': false };
