import tseslint from 'typescript-eslint';
import { fencesRule } from './tools/fences/eslint-rule.mjs';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', '.holdfast*/**'] },
  ...tseslint.configs.recommendedTypeChecked.map((c) => ({ ...c, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'no-console': 'error',
      'max-lines-per-function': ['error', { max: 70, skipComments: true, skipBlankLines: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
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
      '{ops,trials,tools}/**/*.ts',
      'libs/testing/**/*.ts',
      '**/*.spec.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['{ops,trials,tools,bench}/**/*.ts', '**/*.bench.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.spec.ts', 'libs/testing/**/*.ts', '**/testing/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: ['libs/inventory/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.bench.ts'],
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
    files: ['**/*.{ts,tsx,mts,mjs}'],
    plugins: { holdfast: { rules: { fences: fencesRule } } },
    rules: { 'holdfast/fences': 'error' },
  },
);
