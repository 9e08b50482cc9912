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
  pool: ['incident'],
  mcp: [],
  remediation: ['incident'],
  history: ['incident', 'remediation'],
  editor: ['incident', 'warRoom.ts'],
};

/** Packages too heavy to load before they are needed, and the one place that may import each. */
const heavy = {
  '@langchain/*': 'src/diagnosis/graph/**',
  '@kubernetes/client-node': 'src/mcp/kubernetes/**',
  dockerode: 'src/mcp/logs/**',
  '@modelcontextprotocol/sdk/**': 'src/{mcp,pool}/**',
  'simple-git': 'src/history/**',
};

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: ['./base', `./${room}`, ...allowed.map((name) => `./${name}`)],
  message: `src/${room} may import only: ${['base', ...allowed].join(', ')}.`,
}));

const restrict = (names, message) => ({
  patterns: names.map((group) => ({ group: [group], message, allowTypeImports: true })),
});

const vscodeElsewhere = {
  group: ['vscode'],
  message: 'Only src/editor and src/extension.ts import vscode.',
};

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
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            vscodeElsewhere,
            ...restrict(Object.keys(heavy), 'Heavy packages are loaded in one lazy place each.')
              .patterns,
          ],
        },
      ],
    },
  },
  ...Object.entries(heavy).map(([name, place]) => ({
    files: [place],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            vscodeElsewhere,
            ...restrict(
              Object.keys(heavy).filter((other) => other !== name && !place.includes(other)),
              'Heavy packages are loaded in one lazy place each.',
            ).patterns,
          ],
        },
      ],
    },
  })),
  {
    files: ['src/editor/**/*.ts', 'src/extension.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        restrict(Object.keys(heavy), 'Heavy packages are loaded in one lazy place each.'),
      ],
    },
  },
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
