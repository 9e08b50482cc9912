/** Where the page's files are, as its webview reaches them. */
export interface PageSources {
  script: string;
  style: string;
  /** What the webview calls its own origin in a content policy. */
  cspSource: string;
  /** A random word that lets this one script run. */
  nonce: string;
  /** BCP 47. */
  language: string;
  title: string;
}

/**
 * The empty page of the pool monitor; its script draws everything else. No network, no inline style.
 * The toolkit finds the nonce for its own style sheets in `csp-nonce`.
 */
export function monitorHtml({
  script,
  style,
  cspSource,
  nonce,
  language,
  title,
}: PageSources): string {
  const own = `'nonce-${nonce}'`;
  const policy = `default-src 'none'; style-src ${cspSource} ${own}; script-src ${own};`;
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body>
<main id="content"></main>
<div id="announcements" class="announcements" role="status" aria-live="polite"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
