import type { OfferedPackage } from './npmRegistry';

/** An MCP server without dependencies, which has one tool and does what its first argument says. */
const program = `#!/usr/bin/env node
const behaviour = process.argv[2];
const needs = process.argv[3];
if (behaviour === 'needs' && !process.env[needs]) { console.error('Set ' + needs + '.'); process.exit(2); }
const { readFileSync, readdirSync, statSync } = require('node:fs');
const look = () => ({
  folder: readdirSync('/tmp'),
  processes: readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length,
  variables: Object.keys(process.env).filter((name) => name.startsWith('WAR_ROOM')),
  umask: process.umask(),
  file: process.env.KUBECONFIG && {
    path: process.env.KUBECONFIG,
    mode: statSync(process.env.KUBECONFIG).mode.toString(8).slice(-3),
    content: readFileSync(process.env.KUBECONFIG, 'utf8'),
  },
});
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const answers = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'tiny', version: '1' } }),
  'tools/list': () => ({ tools: [{ name: 'echo', description: 'Says it again', inputSchema: { type: 'object' } }] }),
  'tools/call': ({ name, arguments: given }) => ({ content: [{ type: 'text', text: JSON.stringify(name === 'look' ? look() : given) }] }),
};
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const { id, method, params } of lines.map((line) => JSON.parse(line))) {
    const answer = answers[method];
    if (id !== undefined) say(answer ? { id, result: answer(params) } : { id, error: { code: -32601, message: 'none' } });
  }
});
if (behaviour === 'stays') setInterval(() => {}, 1000);
if (behaviour === 'ends') process.stdin.on('end', () => process.exit(Number(needs)));
`;

/** A package with that server. */
export function tinyServer(
  name: string,
  version = '1.0.0',
  changes: Partial<OfferedPackage> = {},
): OfferedPackage {
  return {
    name,
    version,
    manifest: { bin: { [name.replace(/^@[^/]*\//, '')]: 'server.js' }, ...changes.manifest },
    files: { 'server.js': program, ...changes.files },
  };
}
