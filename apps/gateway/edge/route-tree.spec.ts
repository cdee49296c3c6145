import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { RouteTree } from './route-tree.js';

function treeOf(...patterns: readonly string[]): RouteTree<string> {
  const tree = new RouteTree<string>();
  patterns.forEach((pattern) => tree.add(pattern, pattern));
  return tree;
}

describe('a route tree', () => {
  const tree = treeOf('/a', '/a/:x', '/a/b', '/a/:x/c', '/a/b/:y/d', '/:z/c/c', '/w/*');

  it.each([
    ['/a', '/a', []],
    ['/a/b', '/a/b', []],
    ['/a/q', '/a/:x', ['q']],
    ['/a/b/c', '/a/:x/c', ['b']],
    ['/a/b/7/d', '/a/b/:y/d', ['7']],
    ['/n/c/c', '/:z/c/c', ['n']],
    ['/a/c/c', '/a/:x/c', ['c']],
    ['/w/', '/w/*', []],
    ['/w/x/y/z', '/w/*', []],
  ])('finds for %s the pattern %s', (path, value, params) => {
    expect(tree.find(path)).toEqual({ value, params });
  });

  it.each(['', '/', '/a/', '/a//c', '/a/b/7', '/b', 'a', '/w', '/a/b/c/d/e', '//c/c'])(
    'finds nothing for %j',
    (path) => {
      expect(tree.find(path)).toBeNull();
    },
  );

  it('gives every path its own parameters, whatever is in them', () => {
    const segment = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'));
    const two = treeOf('/a/:x/b/:y');
    fc.assert(
      fc.property(segment, segment, (x, y) => {
        expect(two.find(`/a/${x}/b/${y}`)?.params).toEqual([x, y]);
      }),
    );
  });
});
