import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { projectRoot } from '#ops/system/paths.js';
import { setup } from '../../ops/setup.mjs';

beforeAll(() => setup(), 240_000);

/** What a module prints in a process of its own, as JSON. */
function printed(module: string): unknown {
  const args = ['--input-type=module', '-e', `console.log(JSON.stringify(${module}))`];
  const options = { cwd: projectRoot, env: { PATH: process.env.PATH }, encoding: 'utf8' } as const;
  return JSON.parse(execFileSync(process.execPath, args, options));
}

const ofBuild = (name: string): string => `await import('./dist/packages/${name}.js')`;

/** What the bundles of dist/packages/ could lose unseen: specs import packages as installed. */
describe('the packages of the build', () => {
  it('decode in native code wherever those that are installed do', () => {
    const native = (all: string): unknown => printed(`(${all}).isNativeAccelerationEnabled`);
    expect(native(ofBuild('msgpackr'))).toBe(native(`await import('msgpackr')`));
  });

  it('have the class names that logs and errors tell', () => {
    const names = printed(
      `[(${ofBuild('pg')}).default.DatabaseError, (${ofBuild('nats')}).TimeoutError,
        (${ofBuild('nestjs__common')}).Logger].map(({ name }) => name)`,
    );
    expect(names).toEqual(['DatabaseError', 'TimeoutError', 'Logger']);
  });
});
