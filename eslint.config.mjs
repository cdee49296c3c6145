import tseslint from 'typescript-eslint';
import { fencesRule } from './tools/fences/eslint-rule.mjs';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'coverage/**',
      '.holdfast*/**',
      'libs/client/openapi-types.ts',
    ],
  },
  // Rules that need types are oxlint's (.oxlintrc.json): it asks the native compiler for them, in a
  // seventh of the CPU time.
  ...tseslint.configs.recommended.map((c) => ({ ...c, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-import-type-side-effects': 'off',
      '@typescript-eslint/consistent-type-imports': 'off',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'only libs/platform/config.ts reads the environment',
        },
      ],
    },
  },
  {
    files: [
      'libs/platform/config.ts',
      '{ops,trials,tools}/**/*.{ts,tsx}',
      'libs/testing/**/*.{ts,tsx}',
      '**/*.spec.{ts,tsx}',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['{ops,trials,tools,bench}/**/*.{ts,tsx}', '**/*.bench.{ts,tsx}'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.{ts,tsx}', 'libs/testing/**/*.{ts,tsx}', '**/testing/*.{ts,tsx}'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['libs/inventory/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.{ts,tsx}', '**/*.bench.{ts,tsx}'],
    rules: {
      'no-restricted-globals': ['error', 'Date', 'setTimeout', 'setInterval', 'process', 'Buffer'],
      'no-restricted-syntax': [
        'error',
        { selector: ':function[async=true]', message: 'the core is synchronous' },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'the core has no randomness',
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    plugins: { holdfast: { rules: { fences: fencesRule } } },
    rules: { 'holdfast/fences': 'error' },
  },
  {
    // They run in browsers and in Node: what only one of them has comes through ports, and so do
    // time and chance.
    files: ['libs/{client,seat-map}/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.bench.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'setImmediate', 'setTimeout', 'setInterval', 'performance'],
        ...['window', 'document', 'navigator', 'WebSocket', 'EventSource', 'fetch'],
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date']",
          message: 'the clock is a port; Date.parse reads a time',
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'the clock is a port',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'chance is a port',
        },
      ],
    },
  },
);
