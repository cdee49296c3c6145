import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';
import { projectFiles } from '../tidy/project-files.js';

const table = (): string => {
  const page = readFileSync(path.join(projectRoot, 'docs/architecture.md'), 'utf8');
  const start = page.indexOf('\n## What is published and may be lost\n');
  return page.slice(start, page.indexOf('\n## ', start + 1));
};

/** Who hands a message to the bus itself: handlers of Nest answer through one of these. */
const publishers = projectFiles(projectRoot)
  .filter(({ name }) => /^(libs|apps|ops)\/.*\.ts$/.test(name))
  .filter(({ name }) => !/\.(spec|features)\.ts$|\/testing\//.test(name))
  .filter(({ text }) => /\bbus\b[\w.]*\.publish\(/.test(text))
  .map(({ name }) => name);

describe('docs/architecture.md', () => {
  it('says of every file that publishes what heals the loss of it', () => {
    expect(publishers.length).toBeGreaterThan(5);
    const text = table();
    expect(publishers.filter((name) => !text.includes(`(../${name})`))).toEqual([]);
  });
});
