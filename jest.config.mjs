/** Unit and contract specs sit beside their source; process specs start their own servers. */
export default {
  rootDir: '.',
  roots: ['libs', 'apps', 'ops', 'trials', 'bench', 'tools'].map((name) => `<rootDir>/${name}`),
  testMatch: ['**/*.spec.ts'],
  /** Minutes each: npm run test:long. */
  testPathIgnorePatterns: ['\\.long\\.spec\\.ts$'],
  testEnvironment: '<rootDir>/tools/test/plain-context-environment.mjs',
  testSequencer: '<rootDir>/tools/test/longest-first.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^#(libs|apps|ops|trials|bench|tools)/(.*)\\.js$': '<rootDir>/$1/$2.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  coverageProvider: 'v8',
  testTimeout: 30_000,
};
