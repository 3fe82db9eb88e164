export interface PanelDocument {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** `webview.cspSource`. */
  readonly cspSource: string;
  readonly nonce: string;
}

/** The panel's document. The script fills it; nothing inline, nothing remote. */
export function panelHtml({ scriptUri, styleUri, cspSource, nonce }: PanelDocument): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gradient Flow</title>
<link rel="stylesheet" href="${escaped(styleUri)}">
</head>
<body>
<div id="app"></div>
<script nonce="${escaped(nonce)}" src="${escaped(scriptUri)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
