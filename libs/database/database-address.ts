import { Type } from 'typebox';
import { poolerWords, type Pooler } from './pooler.js';

/**
 * A `DATABASE_URL` of one server, or of several as libpq writes it:
 *
 *     postgresql://app:secret@db1:5432,db2:5432/holdfast?target_session_attrs=read-write
 *
 * Several are one primary and those that may take its place. Nothing here connects.
 */
export interface DatabaseAddress {
  /** A URL for each server, in the order in which they are named; at least one. */
  readonly servers: readonly string[];
  /** Hosts and ports alone, for people. */
  readonly shown: string;
  /** How what stands in between gives its connections (`pooler=`); null: nothing does. */
  readonly pooler: Pooler | null;
}

export class WrongDatabaseAddress extends Error {
  override readonly name = 'WrongDatabaseAddress';
}

const parts = /^(postgres(?:ql)?:\/\/(?:[^@/?#]*@)?)([^@/?#]*)(\/[^?#]*)?(?:\?([^#]*))?$/;
/** Who reads and writes needs the primary, whichever of the words says so. */
const primaryWords = ['primary', 'read-write'];
const wanted = 'target_session_attrs';

const pooled = 'pooler';

const goodServer = `(?!.*${wanted}=(?!primary(&|$)|read-write(&|$)))`;
const noPooler = `(?!.*\\b${pooled}=)`;
const goodPooler = `(?!.*\\b${pooled}=(?!(${poolerWords.join('|')})(&|$)))`;

/** As a variable of a process: what would be refused later is refused by name at its start. */
export const databaseVariable = Type.String({
  pattern: `^postgres(ql)?://[^?#]*([?]${goodServer}${noPooler}.*)?$`,
  description:
    'a postgres:// URL without a pooler is needed; of several servers the primary is taken',
});

/** The same, of a process that needs no session of its own: it may go through a pooler. */
export const pooledDatabaseVariable = Type.String({
  pattern: `^postgres(ql)?://[^?#]*([?]${goodServer}${goodPooler}.*)?$`,
  description: 'a postgres:// URL is needed; of several servers, by commas, the primary is taken',
});

/** @throws {WrongDatabaseAddress} in words that show no password. */
export function readDatabaseAddress(url: string): DatabaseAddress {
  const found = parts.exec(url);
  if (found === null) {
    throw new WrongDatabaseAddress('wants a URL that begins with postgres://');
  }
  const [, before, hosts, path = '', query = ''] = found;
  const settings = new URLSearchParams(query);
  const attributes = settings.get(wanted);
  const named = hosts.split(',');
  if (named.length > 1 && named.includes('')) {
    throw new WrongDatabaseAddress('names a server without a host between two commas');
  }
  if (attributes !== null && !primaryWords.includes(attributes)) {
    throw new WrongDatabaseAddress(`${wanted} can be ${primaryWords.join(' or ')} here`);
  }
  const pooler = poolerOf(settings.get(pooled));
  settings.delete(wanted);
  settings.delete(pooled);
  const rest = settings.size === 0 ? path : `${path}?${settings.toString()}`;
  return { servers: named.map((host) => `${before}${host}${rest}`), shown: hosts, pooler };
}

function poolerOf(word: string | null): Pooler | null {
  if (word === null) return null;
  const pooler = poolerWords.find((known) => known === word);
  if (pooler !== undefined) return pooler;
  throw new WrongDatabaseAddress(`${pooled} can be ${poolerWords.join(' or ')}`);
}
