import { describe, expect, it } from '@jest/globals';
import { matches } from '#libs/bus/subject.js';
import { busPermissions, busRoles, isAnswerSubject, type BusRole } from './bus-roles.js';
import { subjects } from './subjects.js';

const may = (role: BusRole, verb: 'publish' | 'subscribe', subject: string): boolean =>
  busPermissions[role][verb].some((pattern) => matches(pattern.split('.'), subject.split('.')));

const rolesThat = (verb: 'publish' | 'subscribe', subject: string): BusRole[] =>
  busRoles.filter((role) => may(role, verb, subject));

/** One of each, as the code makes them. */
const examples: Readonly<Record<keyof typeof subjects, string>> = {
  commands: subjects.commands('shard-1-x'),
  replies: subjects.replies('gateway', 'gw1', 'shard-1-x'),
  repliesOf: subjects.repliesOf('gateway', 'gw1').replace('*', 'shard-1-x'),
  inbox: `${subjects.inbox('gateway', 'x')}.1`,
  diffs: subjects.diffs('evt_1'),
  beats: subjects.beats,
  ping: subjects.ping('shard-1-x'),
  control: subjects.control('shard-1-x', 'move'),
  watchers: subjects.watchers,
  gateways: subjects.gateways,
  payments: subjects.payments('book'),
};

describe('who may say and hear what on the bus', () => {
  it('is this', () => {
    const said = Object.entries(examples).map(([name, subject]) => [
      name,
      rolesThat('publish', subject).join(' '),
      rolesThat('subscribe', subject).join(' '),
    ]);
    expect(said).toEqual([
      ['commands', 'gateway payments operator', 'shard'],
      ['replies', 'shard payments', 'gateway'],
      ['repliesOf', 'shard payments', 'gateway'],
      ['inbox', 'shard payments', 'gateway'],
      ['diffs', 'shard', 'gateway operator'],
      ['beats', 'shard', 'gateway shard payments operator'],
      ['ping', 'gateway shard payments operator', 'shard'],
      ['control', 'shard operator', 'shard'],
      ['watchers', 'operator', 'gateway'],
      ['gateways', 'operator', 'gateway'],
      ['payments', 'gateway', 'payments'],
    ]);
  });

  it('has a line for every subject, and no pattern that fits none', () => {
    expect(Object.keys(examples)).toEqual(Object.keys(subjects));
    const answers = busRoles.flatMap((role) => [
      subjects.replies(role, 'c', 's'),
      subjects.payments('get'),
      subjects.payments('pace'),
      `${subjects.inbox(role, 'x')}.1`,
    ]);
    const all = [...Object.values(examples), ...answers].map((subject) => subject.split('.'));
    const patterns = busRoles.flatMap((role) => {
      const { publish, subscribe } = busPermissions[role];
      return [...publish, ...subscribe];
    });
    const idle = patterns.filter(
      (pattern) => !all.some((subject) => matches(pattern.split('.'), subject)),
    );
    expect(idle).toEqual([]);
  });

  it.each(busRoles)('lets nobody but %s hear its answers', (role) => {
    for (const subject of [subjects.replies(role, 'c', 's'), `${subjects.inbox(role, 'x')}.1`]) {
      expect(rolesThat('subscribe', subject)).toEqual([role]);
      expect(isAnswerSubject(subject)).toBe(true);
    }
  });

  it('takes no subject on which something is done for one of answers', () => {
    const others = Object.values(examples).filter((subject) => !/\.(rep|inbox)\./.test(subject));
    expect(others.filter(isAnswerSubject)).toEqual([]);
  });
});
