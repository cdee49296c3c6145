/** One setting for each ending: with `tsx` a cast `<T>value` in a plain file is a syntax error. */
const compiled = ({ tsx }) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx, decorators: true },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  },
];

/** A library reads it in the true environment, of which specs have a copy; see uws-edge.ts. */
process.env.UWS_HTTP_MAX_HEADERS_SIZE = String(20 * 1024);

/** Unit and contract specs sit beside their source; process specs start their own servers. */
export default {
  rootDir: '.',
  roots: ['libs', 'apps', 'ops', 'trials', 'bench', 'tools', 'e2e'].map(
    (name) => `<rootDir>/${name}`,
  ),
  testMatch: ['**/*.spec.{ts,tsx}'],
  /** Minutes each: npm run test:long. */
  testPathIgnorePatterns: ['\\.long\\.spec\\.tsx?$'],
  testEnvironment: '<rootDir>/tools/test/plain-context-environment.mjs',
  testSequencer: '<rootDir>/tools/test/longest-first.mjs',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: {
    '^#(libs|apps|ops|trials|bench|tools)/(.*)\\.js$': [
      '<rootDir>/$1/$2.ts',
      '<rootDir>/$1/$2.tsx',
    ],
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': compiled({ tsx: false }),
    '^.+\\.tsx$': compiled({ tsx: true }),
  },
  coverageProvider: 'v8',
  testTimeout: 30_000,
};
