import { demoEventIds } from '#libs/catalogue/demo/demo-catalogue.js';
import { dataFolder, shownPath } from '../system/paths.js';

const twoSeats = JSON.stringify({
  event_id: demoEventIds.theatre,
  best_available: [{ quantity: 2 }],
});

/**
 * What an operator can paste: a list that takes a role, with a token that is made for it. Nothing
 * secret is printed, and no token lies about.
 */
export function tryAsOperator(url: string, data: string): string {
  const folder = data === dataFolder(undefined, {}) ? '' : `--data '${shownPath(data)}' `;
  const token = `$(npx holdfastctl ${folder}token --role sre)`;
  return `curl -s ${url}/v1/admin/events -H "Authorization: Bearer ${token}"`;
}

/** Three commands that can be pasted as they are, in order: search, become a guest, hold seats. */
export function tryThis(url: string): readonly string[] {
  return [
    `curl -s '${url}/v1/events?keyword=hamlt'`,
    `TOKEN=$(curl -s -X POST ${url}/v1/sessions | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s ${url}/v1/reservations -H "Authorization: Bearer $TOKEN" -d '${twoSeats}'`,
  ];
}
