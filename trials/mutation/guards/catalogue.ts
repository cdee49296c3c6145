import { edit, type Mutation } from '../mutation.js';

const feed = 'libs/catalogue/change-feed.ts';
const feedSpecs = ['libs/catalogue/change-feed.process.spec.ts'];
const pages = 'apps/gateway/events/ready-pages.ts';
const pagesSpecs = ['apps/gateway/events/ready-pages.spec.ts'];

const search = 'libs/catalogue/search/event-search.ts';
const searchSpecs = ['libs/catalogue/search/event-search.process.spec.ts'];
const counts = 'libs/catalogue/availability/availability.ts';
const countsSpecs = ['libs/catalogue/availability/availability.process.spec.ts'];
const writer = 'libs/hosting/availability-writer.ts';
const writerSpecs = ['apps/inventory-shard/availability.spec.ts'];

const rulesWriter = 'libs/hosting/rules-writer.ts';
const rulesSpecs = ['apps/inventory-shard/rules-rows.spec.ts'];

const render = 'libs/catalogue/media/render-image.ts';
const renderSpecs = ['libs/catalogue/media/render-image.spec.ts'];
const mediaRows = 'libs/catalogue/media/media-rows.ts';
const mediaSpecs = ['libs/catalogue/media/media-rows.process.spec.ts'];

/** The catalogue as gateways show it: nothing that changed stays as it was. */
export const catalogue: readonly Mutation[] = [
  {
    name: 'search-aside',
    guarantee: 'G8',
    guard: 'connections of searches, which who looks for one event does not wait behind (PC4)',
    file: 'libs/catalogue/postgres-catalogue.ts',
    edits: edit('searchEvents(searches, query)', 'searchEvents(pool, query)'),
    specs: ['libs/catalogue/postgres-catalogue.process.spec.ts'],
  },
  {
    name: 'search-whole-table',
    guarantee: 'G8',
    guard: 'the setting that keeps searches from reading a table as a whole',
    file: 'libs/catalogue/search/search-settings.ts',
    edits: edit("enable_seqscan: 'off', ", ''),
    specs: searchSpecs,
    tests: 'reads no table as a whole',
  },
  {
    name: 'search-count-available',
    guarantee: 'G8',
    guard: 'the bound on events of which a search looks up whether they are gone',
    file: search,
    edits: edit('terms, limits.searchCountedMax + 1)', 'terms, limits.eventsListedMax)'),
    specs: searchSpecs,
    tests: 'counts what is gone',
  },
  {
    name: 'search-much-left',
    guarantee: 'G8',
    guard: 'what is gone leaves many of those that were asked for, or they are counted',
    file: search,
    edits: edit('(await countGone(client, atMs, spare)) < spare', 'true'),
    specs: searchSpecs,
    tests: 'counts what is left',
  },
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
    name: 'search-kept-changed',
    guarantee: 'G6',
    guard: 'the change of the catalogue that makes pages of searches be read again',
    file: 'apps/gateway/gateway.ts',
    edits: edit('      parts.found.allChanged();\n', ''),
    specs: ['apps/gateway/routes/events/list-events.process.spec.ts'],
  },
  {
    name: 'pages-weight',
    guarantee: 'G8',
    guard: 'the bound on kept pages of venues, performers and searches',
    file: pages,
    edits: edit('      bytesMax,', '      bytesMax: Infinity,'),
    specs: pagesSpecs,
  },
  {
    name: 'count-of-before',
    guarantee: 'G6',
    guard: 'the order of counts of what can still be had',
    file: counts,
    edits: edit('WHERE (a.epoch, a.version) < (EXCLUDED.epoch, EXCLUDED.version)', ''),
    specs: countsSpecs,
    tests: 'later count',
  },
  {
    name: 'count-given-up',
    guarantee: 'G6',
    guard: 'that a count is taken for written only after it was',
    file: writer,
    edits: edit(
      'await store.write(changed.map(({ count }) => count));\n' +
        '      for (const { actor, count } of changed) this.written.set(actor, count);',
      'for (const { actor, count } of changed) this.written.set(actor, count);\n' +
        '      await store.write(changed.map(({ count }) => count));',
    ),
    specs: writerSpecs,
  },
  {
    name: 'counts-at-once',
    guarantee: 'G8',
    guard: 'the bound on counts that one statement writes',
    file: 'libs/hosting/slot-rounds.ts',
    edits: edit('if (picked.length >= picksMax) break;', ''),
    specs: writerSpecs,
  },
  {
    name: 'rules-of-next-owner',
    guarantee: 'G6',
    guard: 'the next owner who writes what changed of the rules',
    file: rulesWriter,
    edits: edit('(this.written.get(actor) ?? 0)', '(this.written.get(actor) ?? rulesRevision)'),
    specs: rulesSpecs,
    tests: 'died right there',
  },
  {
    name: 'rules-given-up',
    guarantee: 'G6',
    guard: 'that rules are taken for written only after they were',
    file: rulesWriter,
    edits: edit(
      'await rows.write(actor.eventId, rules);\n' +
        '        this.written.set(actor, rules.revision);',
      'this.written.set(actor, rules.revision);\n' +
        '        await rows.write(actor.eventId, rules);',
    ),
    specs: rulesSpecs,
  },
  {
    name: 'rules-before-the-journal',
    guarantee: 'G2',
    guard: 'the wait for the journal before changed rules are written',
    file: 'libs/actor/event-actor.ts',
    edits: edit('if (this.stopped || isAhead) return null;', ''),
    specs: rulesSpecs,
  },
  {
    name: 'rules-of-before',
    guarantee: 'G6',
    guard: 'the order of changes of rules in the row of their event',
    file: 'libs/catalogue/rules-row.ts',
    edits: edit(' AND rules_revision < $3', ''),
    specs: ['libs/catalogue/import-event.process.spec.ts'],
  },
  {
    name: 'import-on-record',
    guarantee: 'G9',
    guard: 'the record of who imported what, in the transaction of the import',
    file: 'libs/catalogue/import-event.ts',
    edits: edit('if (all.length > 0) await options', 'if (all.length > 99) await options'),
    specs: ['libs/catalogue/import-event.process.spec.ts'],
    tests: 'is put on record in its transaction, if it changes anything',
  },
  {
    name: 'image-kind',
    guarantee: 'G8',
    guard: 'the look at how a picture begins, before a decoder sees it',
    file: render,
    edits: edit(
      'if (kind === null) return wrong(`${name} is not a ${imageKindNames} image`);',
      "if (kind === null) return decode(name, bytes, { name: 'PNG', extensions: [], format: '' });",
    ),
    specs: renderSpecs,
    tests: 'with what it is',
  },
  {
    name: 'image-pixels',
    guarantee: 'G8',
    guard: 'the bound on pixels, by the header of a picture',
    file: render,
    edits: edit('if (width * height > limits.imagePixelsMax) {', 'if (width < 0) {'),
    specs: renderSpecs,
    tests: 'with what it is',
  },
  {
    name: 'image-regular',
    guarantee: 'G8',
    guard: 'that only regular files are read as pictures',
    file: 'ops/holdfastctl/read-images.ts',
    edits: edit("if (!stats.isFile()) return 'is not a regular file';", ''),
    specs: ['ops/holdfastctl/import-images.process.spec.ts'],
  },
  {
    name: 'media-day',
    guarantee: 'G6',
    guard: 'the day that a picture stays when nothing names it any more',
    file: mediaRows,
    edits: edit(
      "WHERE unnamed_at < statement_timestamp() - $1 * interval '1 millisecond'",
      'WHERE $1 > 0',
    ),
    specs: mediaSpecs,
  },
  {
    name: 'media-weight',
    guarantee: 'G8',
    guard: 'the bound on pictures that a gateway keeps',
    file: 'apps/gateway/gateway.ts',
    edits: edit('new BodyCache(limits.mediaCacheBytesMax)', 'new BodyCache(Infinity)'),
    specs: ['apps/gateway/routes/media/media.process.spec.ts'],
  },
];
