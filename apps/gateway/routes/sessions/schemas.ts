import Type from 'typebox';

import { Time } from '../shared/schemas.js';

export const Session = Type.Object({
  user_id: Type.String(),
  token: Type.String(),
  expires_at: Time,
});
