import Type from 'typebox';

import { EventIdText, Time } from '../shared/schemas.js';

const Count = Type.Integer({ minimum: 0 });

export const ShardState = Type.Object({
  shard: Type.String({ description: 'Its name, the same after a restart.' }),
  incarnation: Type.String({ description: 'Of this start of it.' }),
  host: Type.String(),
  state: Type.Enum(['active', 'cordoned', 'draining']),
  weight: Type.Number(),
  events: Count,
  commands_per_second: Type.Number(),
});

export const EventOwner = Type.Object({
  event_id: EventIdText,
  name: Type.String(),
  owner: Type.Union([Type.String(), Type.Null()], {
    description: 'Incarnation of a shard; null: nobody serves it now.',
  }),
  owner_alive: Type.Boolean({ description: 'This gateway hears the owner.' }),
  epoch: Count,
  pinned_to: Type.Union([Type.String(), Type.Null()]),
  quarantined: Type.Union([Type.String(), Type.Null()], {
    description: 'Why nobody may serve it; null: it may be served.',
  }),
});

export const SystemStatus = Type.Object({
  at: Time,
  gateway: Type.Object({
    edge: Type.Enum(['uws', 'node']),
    state: Type.Enum(['serving', 'lame_duck', 'stopping']),
    sockets: Count,
    streams: Count,
    missing: Type.Array(Type.String(), { description: 'What it lacks to be ready.' }),
  }),
  shards: Type.Array(ShardState),
  quarantined: Type.Array(EventOwner, { description: 'The first of them.' }),
  owners: Type.Array(EventOwner),
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'For `after`; null: that is all.',
  }),
});
