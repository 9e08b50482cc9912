import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';

/** Which rooms of the house a room may import (docs/architecture.md, "Rooms"). `base` is open to all. */
const rooms = {
  base: [],
  incident: [],
  intake: ['incident'],
  playbooks: ['incident'],
  diagnosis: ['incident', 'intake', 'playbooks'],
  evals: ['incident', 'intake', 'playbooks'],
  npm: [],
  catalog: ['incident'],
  pool: ['incident', 'npm'],
  mcp: [],
  remediation: ['incident'],
  imageRegistry: ['remediation/imageReference.ts', 'remediation/imageTags.ts'],
  history: ['incident', 'remediation'],
  store: ['incident'],
  verification: [
    'incident',
    'intake',
    'remediation',
    'diagnosis/ports.ts',
    'diagnosis/placeArguments.ts',
    'history/scalars.ts',
  ],
  editor: [
    'incident',
    'warRoom.ts',
    'host.ts',
    'settings.ts',
    'diagnosis/diagnose.ts',
    'diagnosis/analysts/model.ts',
    'diagnosis/analysts/spent.ts',
    'intake/source.ts',
    'catalog/catalogue.ts',
    'catalog/entry.ts',
    'catalog/rank.ts',
    'catalog/reasons.ts',
    'pool/status.ts',
    'pool/statusText.ts',
  ],
};

/** Packages too heavy to load before they are needed, and the only places that may import each. */
const heavy = {
  '@anthropic-ai/sdk': ['src/diagnosis/analysts/anthropic/'],
  '@langchain/*': ['src/diagnosis/graph/', 'src/diagnosis/engine.ts'],
  '@kubernetes/client-node': ['src/mcp/kubernetes/', 'src/pool/mint/'],
  dockerode: ['src/mcp/logs/', 'src/pool/engine/'],
  '@modelcontextprotocol/sdk': ['src/mcp/', 'src/pool/'],
  'simple-git': ['src/history/'],
  '@vscode/webview-ui-toolkit': ['webview/poolMonitor/toolkit.ts'],
  '@npmcli/config': ['src/npm/'],
  ajv: ['src/remediation/helm/valuesSchema.ts'],
  minisearch: ['src/catalog/rank.ts'],
  'npm-registry-fetch': ['src/npm/'],
  '@npmcli/arborist': ['src/pool/images/'],
  pacote: ['src/pool/images/'],
  tar: ['src/pool/images/'],
};
/** Only these places speak to the editor. */
const vscodePlaces = ['src/editor/', 'src/extension.ts'];

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [...new Set(['base', room, ...allowed])].map((name) => `./${name}`),
  message: `src/${room} may import only: ${['base', ...allowed].join(', ')}.`,
}));

/** One rule for each package: nobody imports it, but for its places. */
const confined = [
  ...Object.entries(heavy).map(([name, places]) => ({ names: [name, `${name}/**`], places })),
  { names: ['vscode'], places: vscodePlaces },
];

const isIn = (place, file) => (place.endsWith('/') ? file.startsWith(place) : file === place);
const placesOfAny = [...new Set(confined.flatMap(({ places }) => places))];

/** The packages that a file of `place` (or of nowhere in particular) must not import. */
function forbiddenIn(place) {
  const patterns = confined
    .filter(({ places }) => !(place && places.some((own) => isIn(own, place))))
    .map(({ names }) => ({
      group: names,
      message: 'It is imported from one place alone (docs/architecture.md, "Rooms").',
    }));
  return ['error', { patterns }];
}

const confinement = [undefined, ...placesOfAny.sort((a, b) => a.length - b.length)].map(
  (place) => ({
    files: [
      place === undefined
        ? '{src,webview}/**/*.ts'
        : place.endsWith('/')
          ? `${place}**/*.ts`
          : place,
    ],
    rules: { '@typescript-eslint/no-restricted-imports': forbiddenIn(place) },
  }),
);

export default tseslint.config(
  {
    ignores: [
      'dist',
      'out',
      'node_modules',
      'test/fixtures',
      'test/evals/cases',
      'test/evals/record',
      'media/sample',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked, importX.flatConfigs.typescript],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-mutable-exports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  ...confinement,
  {
    files: ['src/cli/**/*.ts', 'src/cli.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/vitest.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
