import Type from 'typebox';

import { AskedEventId } from './schemas.js';

/** Of every route about one event. */
export const eventPath = Type.Object({ event_id: AskedEventId });
