// Builds every bundle into dist/. A module that our source loads with `import()` becomes a bundle
// of its own, so that nothing heavy is read before it is needed.
const { context, build } = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** Bundle by its name in dist/. */
const entryPoints = {
  extension: 'src/extension.ts',
  window: 'src/editor/window.ts',
  cli: 'src/cli.ts',
  graph: 'src/diagnosis/entry.ts',
  evals: 'src/evals/entry.ts',
  anthropic: 'src/diagnosis/analysts/anthropic/client.ts',
  planner: 'src/remediation/planner.ts',
  imageRegistry: 'src/imageRegistry/tagLists.ts',
  repositoryWork: 'src/repositoryWork.ts',
  verification: 'src/verification/verifier.ts',
  pool: 'src/pool/serverPool.ts',
  sharedPool: 'src/pool/entry.ts',
  serverDesk: 'src/servers/serverDesk.ts',
  engine: 'src/pool/engine/connect.ts',
  docker: 'src/pool/runtimes/docker/dockerRuntime.ts',
  images: 'src/pool/images/images.ts',
  npm: 'src/pool/images/npm/main.ts',
  kubeconfig: 'src/pool/mint/kubeconfig.ts',
  npmSearch: 'src/npm/searchScript.ts',
  stdioServer: 'src/pool/stdioServer.ts',
  reaper: 'src/pool/reaper/reaper.ts',
  mcpClient: 'src/pool/client.ts',
  poolViews: 'src/editor/pool/poolViews.ts',
  findServers: 'src/editor/pool/findServers.ts',
  chat: 'src/editor/chat/chat.ts',
  editorModel: 'src/editor/model/editorModel.ts',
  scan: 'src/intake/scanWorker.ts',
  judge: 'src/playbooks/judgeWorker.ts',
  scanFile: 'src/intake/scan/scanFile.ts',
  'servers/stats': 'src/mcp/stats/server.ts',
  'servers/kubectl': 'src/mcp/kubectl/server.ts',
  'servers/logs': 'src/mcp/logs/server.ts',
};

const bundleOf = new Map(
  Object.entries(entryPoints).map(([name, file]) => [path.join(__dirname, file), name]),
);

/** `import('./diagnosis/entry')` becomes `require('./graph.js')`. */
const lazyBundles = {
  name: 'lazy-bundles',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path: imported, resolveDir, importer }) => {
      if (kind !== 'dynamic-import' || importer.includes('node_modules')) return undefined;
      const name = bundleOf.get(path.join(resolveDir, `${imported}.ts`));
      if (!name) {
        return {
          errors: [{ text: `"${imported}" is loaded lazily but is no bundle of its own.` }],
        };
      }
      return { path: `./${name}.js`, external: true };
    });
  },
};

/**
 * `import * as vscode` becomes `import vscode = require('vscode')`, and so for Node's own modules:
 * the namespace object of the former is a copy of all five hundred names, made in every file that
 * imports it, which took longer than all else that a window does at its start.
 */
const plainRequires = {
  name: 'plain-requires',
  setup({ onLoad }) {
    const whole = /^import (?:\* as )?(\w+) from '(vscode|node:[\w/]+)';$/gm;
    onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      contents: fs.readFileSync(file, 'utf8').replace(whole, "import $1 = require('$2');"),
      loader: 'ts',
    }));
  },
};

/**
 * Which literals a pattern needs is worked out here, once, and not whenever a process starts: the
 * patterns are loaded as they are, and what they say is put into the bundles.
 */
const literalTable = {
  name: 'literal-table',
  setup({ onLoad }) {
    const table = literalsOfPatterns().then(
      (literals) => `export const literalTable = ${JSON.stringify(literals)};`,
    );
    onLoad({ filter: /[\\/]engine[\\/]literalTable\.ts$/ }, async () => ({
      contents: await table,
    }));
  },
};

async function literalsOfPatterns() {
  const { outputFiles } = await build({
    entryPoints: ['src/playbooks/engine/patterns.ts'],
    absWorkingDir: __dirname,
    bundle: true,
    format: 'iife',
    globalName: 'loaded',
    write: false,
  });
  const { patterns } = vm.runInNewContext(`${outputFiles[0].text} loaded`);
  return patterns.map(({ literals }) => literals);
}

/**
 * LangChain's libraries send what they run to a tracing service when the environment says so.
 * In our bundles they see no environment at all.
 */
const noTracing = {
  name: 'no-tracing',
  setup({ onLoad }) {
    onLoad(
      { filter: /node_modules[\\/](langsmith|@langchain)[\\/].*\.[cm]?js$/ },
      ({ path: file }) => ({
        contents: fs
          .readFileSync(file, 'utf8')
          .replace(/\b(globalThis\.)?process(\?)?\.env\b/g, '({})'),
        loader: 'js',
      }),
    );
  },
};

/**
 * What libraries need only for what War Room does not do: dockerode for hosts over ssh, npm's
 * libraries to run scripts of packages, to check signatures and to read other encodings.
 */
const unused =
  /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|@npmcli\/run-script|sigstore|iconv-lite)$/;
const unusedByLibraries = {
  name: 'unused-by-libraries',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: unused }, ({ path: name }) => ({ path: name, namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * The Kubernetes client does not say that its files do nothing when they are loaded. With that said,
 * a bundle that only reads kubeconfigs leaves out the generated API, which is most of the client.
 */
const kubernetesInParts = {
  name: 'kubernetes-in-parts',
  setup({ onResolve }) {
    const parts = path.join('node_modules', '@kubernetes', 'client-node', 'dist');
    onResolve({ filter: /^\.\.?\// }, ({ path: imported, resolveDir }) =>
      resolveDir.includes(parts)
        ? { path: path.join(resolveDir, imported), sideEffects: false }
        : undefined,
    );
  },
};

const options = {
  entryPoints,
  outdir: path.join(__dirname, 'dist'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // A bundle of ours is loaded by `require`, in half the time that Node takes for an `import()`.
  supported: { 'dynamic-import': false },
  external: ['vscode'],
  // Its other entry hides its parts from the bundler.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'warning',
  plugins: [
    lazyBundles,
    // What is watched changes, and the table would be that of other patterns.
    ...(watch ? [] : [literalTable]),
    plainRequires,
    noTracing,
    unusedByLibraries,
    kubernetesInParts,
  ],
};

/** Pages that run in the editor's webviews. */
const pageOptions = {
  entryPoints: {
    poolMonitor: 'webview/poolMonitor/main.ts',
    'poolMonitor.style': 'webview/poolMonitor/poolMonitor.css',
  },
  outdir: path.join(__dirname, 'dist', 'webview'),
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: production,
  logLevel: 'warning',
};

async function main() {
  fs.rmSync(options.outdir, { recursive: true, force: true });
  if (watch) {
    await Promise.all([options, pageOptions].map(async (each) => (await context(each)).watch()));
    return;
  }
  const [{ metafile }] = await Promise.all([options, pageOptions].map((each) => build(each)));
  const cli = path.join(options.outdir, 'cli.js');
  fs.chmodSync(cli, 0o755);
  fs.writeFileSync(path.join(options.outdir, 'meta.json'), JSON.stringify(metafile));
}

if (require.main === module) main().catch(() => process.exit(1));

module.exports = { literalsOfPatterns };
