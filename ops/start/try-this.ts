import { demoEventIds } from '#libs/catalogue/demo/demo-catalogue.js';

const twoSeats = JSON.stringify({
  event_id: demoEventIds.theatre,
  best_available: [{ quantity: 2 }],
});

/** Three commands that can be pasted as they are, in order: search, become a guest, hold seats. */
export function tryThis(url: string): readonly string[] {
  return [
    `curl -s '${url}/v1/events?keyword=hamlt'`,
    `TOKEN=$(curl -s -X POST ${url}/v1/sessions | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s ${url}/v1/reservations -H "Authorization: Bearer $TOKEN" -d '${twoSeats}'`,
  ];
}
