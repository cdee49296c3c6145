import Type from 'typebox';

import { EventIdText } from './schemas.js';

/** Of every route about one event. */
export const eventPath = Type.Object({ event_id: EventIdText });
