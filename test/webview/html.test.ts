import { expect, it } from 'vitest';
import { panelHtml } from '../../webview/html.ts';

it('allows its own script and style sheet, nothing inline, nothing else', () => {
  const html = panelHtml({
    scriptUri: 'https://x/flow.js?a="b"',
    styleUri: 'https://x/flow.css',
    cspSource: "'self'",
    nonce: 'n1',
  });
  expect(html).toContain("default-src 'none'; style-src 'self'; script-src 'nonce-n1'");
  expect(html).not.toContain('unsafe');
  expect(html).not.toMatch(/<style| style=| on\w+=/);
  expect(html).toContain('src="https://x/flow.js?a=&#34;b&#34;"');
});
