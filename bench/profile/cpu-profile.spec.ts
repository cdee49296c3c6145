import { describe, expect, it } from '@jest/globals';
import { budgetOf, type CpuProfile } from './cpu-profile.js';
import { boxesOf, flameGraph } from './flame.js';

const node = (id: number, functionName: string, url: string, children: number[] = []) => {
  return { id, callFrame: { functionName, url, lineNumber: 9 }, children };
};

const profile: CpuProfile = {
  nodes: [
    node(1, '(root)', '', [2, 5, 6]),
    node(2, 'serve<0>', 'file:///x/dist/apps/gateway/http/endpoint.js', [3, 4]),
    node(3, 'send', 'file:///x/dist/libs/bus/nats/nats-bus.js'),
    node(4, 'encode', 'file:///x/dist/packages/msgpackr.js'),
    node(5, '(idle)', ''),
    node(6, '(program)', ''),
  ],
  samples: [2, 3, 3, 4, 5, 6],
  timeDeltas: [100, 200, 100, 50, 5_000, 50],
};

describe('The budget of a hold', () => {
  it('is the own time of each folder and package, dearest first, without idle time', () => {
    expect(budgetOf(profile, 10)).toEqual([
      { name: 'libs/bus/nats', usEach: 30 },
      { name: 'apps/gateway/http', usEach: 10 },
      { name: 'msgpackr', usEach: 5 },
      { name: 'native code and system calls', usEach: 5 },
    ]);
  });
});

describe('A flame graph', () => {
  it('gives callers the width of all that they call, side by side below them', () => {
    const widths = boxesOf(profile).map(({ name, x, depth, share }) => [name, x, depth, share]);
    expect(widths).toEqual([
      ['(root)', 0, 0, 1],
      ['serve<0> endpoint.js:10', 0, 1, 0.9],
      ['send nats-bus.js:10', 0, 2, 0.6],
      ['encode msgpackr.js:10', 720, 2, 0.1],
      ['(program)', 1_080, 1, 0.1],
    ]);
  });

  it('takes no name of a function for markup', () => {
    expect(flameGraph('a & b', profile)).not.toMatch(/<0>|a & b/);
  });
});
