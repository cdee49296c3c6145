import { edit, type Mutation } from '../mutation.js';

const feed = 'libs/catalogue/change-feed.ts';
const feedSpecs = ['libs/catalogue/change-feed.process.spec.ts'];
const pages = 'apps/gateway/events/profile-pages.ts';
const pagesSpecs = ['apps/gateway/events/profile-pages.spec.ts'];

/** The catalogue as gateways show it: nothing that changed stays as it was. */
export const catalogue: readonly Mutation[] = [
  {
    name: 'terms-given-up',
    guarantee: 'G6',
    guard: 'the memory that terms may be stale, after their derivation failed',
    file: feed,
    edits: edit(
      'await indexStaleEvents(this.options.pool);\n    this.termsMayBeStale = false;',
      'this.termsMayBeStale = false;\n    await indexStaleEvents(this.options.pool);',
    ),
    specs: feedSpecs,
    tests: 'derived once more',
  },
  {
    name: 'page-read-before',
    guarantee: 'G6',
    guard: 'the count of changes when a page began to be read',
    file: pages,
    edits: edit(
      'if (since.changes === this.changes) this.kept.set(key, page);',
      'this.kept.set(key, { ...page, changes: this.changes });',
    ),
    specs: pagesSpecs,
  },
  {
    name: 'page-of-before',
    guarantee: 'G6',
    guard: 'the count of changes that a kept page has seen',
    file: pages,
    edits: edit('return changes === this.changes &&', 'return changes >= 0 &&'),
    specs: pagesSpecs,
  },
  {
    name: 'pages-weight',
    guarantee: 'G8',
    guard: 'the bound on kept pages of venues and performers',
    file: pages,
    edits: edit('bytesMax: limits.profilePagesBytesMax,', 'bytesMax: Infinity,'),
    specs: pagesSpecs,
  },
];
