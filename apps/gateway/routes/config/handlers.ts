import type { Handlers } from '../area.js';
import type { configRows } from './rows.js';

export interface ConfigParts {
  /** null: the simulator. */
  readonly stripeKey: string | null;
}

export function configHandlers({ stripeKey }: ConfigParts): Handlers<typeof configRows> {
  const body = JSON.stringify({ stripe_publishable_key: stripeKey });
  return { showConfig: (exchange) => exchange.json(200, body, keptShortly) };
}

const keptShortly = [['Cache-Control', 'public, max-age=60']] as const;
