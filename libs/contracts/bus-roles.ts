/**
 * Who speaks on the bus, and what the broker lets each say and hear. The one table: the broker's
 * configuration (libs/bus/nats-config.ts) is written from it, and a spec holds it against every
 * subject of subjects.ts.
 *
 * BR1  Nobody reads another role's answers: each role has answer subjects of its own.
 * BR2  Only shards answer commands and tell of seats; only payments answers for money; gateways and
 *      payments send commands but hear none.
 * BR3  Answers are allowed by subject and not by `allow_responses`: a shard answers one batch in
 *      several frames, for as long as a deadline lasts, and the broker would keep a note a message.
 */
export const busRoles = ['gateway', 'shard', 'payments', 'operator'] as const;
export type BusRole = (typeof busRoles)[number];

export interface BusPermissions {
  /** Patterns of subjects, see libs/bus/subject.ts. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

const answersTo = (role: BusRole): readonly string[] => [`hf.rep.${role}.>`, `hf.inbox.${role}.>`];

export const busPermissions: Readonly<Record<BusRole, BusPermissions>> = {
  gateway: {
    publish: ['hf.cmd.*', 'hf.ping.*', 'hf.pay.*', ...answersTo('operator')],
    subscribe: [...answersTo('gateway'), 'hf.diff.*', 'hf.beat', 'hf.gw.*'],
  },
  shard: {
    publish: [
      ...['hf.rep.>', 'hf.inbox.>', 'hf.diff.*', 'hf.beat', 'hf.ping.*', 'hf.ctl.*.*'],
      'hf.pay.pace',
    ],
    subscribe: [...answersTo('shard'), 'hf.cmd.*', 'hf.ping.*', 'hf.ctl.*.*', 'hf.beat'],
  },
  payments: {
    publish: [
      ...['hf.cmd.*', 'hf.ping.*', 'hf.inbox.shard.>'],
      ...[...answersTo('gateway'), ...answersTo('operator')],
    ],
    subscribe: [...answersTo('payments'), 'hf.pay.*', 'hf.beat'],
  },
  operator: {
    publish: ['hf.cmd.*', 'hf.ping.*', 'hf.ctl.*.*', 'hf.gw.*', 'hf.pay.get'],
    subscribe: [...answersTo('operator'), 'hf.diff.*', 'hf.beat'],
  },
};

/**
 * Where an answer may be sent. A `replyTo` is chosen by who asks: without this a gateway could have
 * a shard, which may say more, say its answer where a command is heard.
 */
export const isAnswerSubject = (subject: string): boolean => /^hf\.(rep|inbox)\./.test(subject);
