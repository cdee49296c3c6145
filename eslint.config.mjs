import tseslint from 'typescript-eslint';

/** Which libraries a library may import: the dependency order of the code. */
const layers = {
  inventory: [],
  platform: [],
  contracts: ['inventory'],
  oracle: ['inventory'],
  bus: ['contracts', 'platform', 'inventory'],
  database: ['platform'],
  journal: ['database', 'contracts', 'platform', 'inventory'],
  catalogue: ['database', 'contracts', 'platform', 'inventory'],
  actor: ['contracts', 'platform', 'inventory', 'journal', 'bus'],
  routing: ['contracts', 'platform', 'inventory', 'bus'],
  hosting: [
    'contracts',
    'platform',
    'inventory',
    'journal',
    'bus',
    'actor',
    'catalogue',
    'routing',
  ],
};
const everyLibrary = [...Object.keys(layers), 'testing'];

const fences = Object.entries(layers).map(([library, allowed]) => ({
  files: [`libs/${library}/**/*.ts`],
  ignores: ['**/*.spec.ts', '**/*.bench.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: everyLibrary
              .filter((other) => other !== library && !allowed.includes(other))
              .map((other) => `#libs/${other}/*`),
            message: `libs/${library} may import only: ${allowed.join(', ') || 'nothing'}`,
          },
          {
            group: ['#apps/*', '#ops/*', '#trials/*', '#tools/*', '#bench/*'],
            message: 'libraries never import apps',
          },
          { group: ['../../*'], message: 'use #libs/ between libraries' },
        ],
      },
    ],
  },
}));

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
        {
          selector: 'ImportDeclaration[source.value=/^[^.]/]',
          message: 'the core imports nothing',
        },
      ],
    },
  },
  ...fences,
);
