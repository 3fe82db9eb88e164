// The address of a workbench page. This build names the machine it runs on simply `remote`.
const remote = (file) => `vscode-remote://remote${file}`;

/** `extension` and `tests` are read only if the server was started for development. */
export function workbenchUrl(server, { folder, extension, tests }) {
  const payload = [['skipWelcome', 'true']];
  if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (folder) query.set('folder', folder);
  return `${server.url}/?${query}`;
}
