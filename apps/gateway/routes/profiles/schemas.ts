import Type from 'typebox';

import { EventSummaryDoc, HouseDoc } from '../events/schemas.js';
import { PerformerIdText } from '../shared/schemas.js';

const events = Type.Array(EventSummaryDoc, {
  description: 'One page of those that are still to come, by start.',
});

export const VenueDoc = Type.Object({ ...HouseDoc.properties, events });

export const PerformerDoc = Type.Object({
  performer_id: PerformerIdText,
  name: Type.String(),
  description: Type.String(),
  links: Type.Array(Type.String({ format: 'uri' })),
  events,
});
