import { errorCodes, errorTable, refusalErrors } from '#libs/contracts/errors.js';
import { refusalCodes } from '#libs/inventory/refusal-codes.js';

/** docs/errors.md, made from the table that answers. */
export function errorsPage(): string {
  return `# Errors

<!-- Generated from libs/contracts/errors.ts by \`npm run docs\`. -->

Every refusal, by HTTP or WebSocket, has one code. The code is the contract: the status follows from
it, the message is for people and may change.

\`\`\`json
{
  "error": {
    "code": "seats_unavailable",
    "message": "...",
    "seat_ids": ["A-1"],
    "alternative": { "seat_ids": ["A-3"] }
  }
}
\`\`\`

- \`field\` is the path of what is wrong: \`seat_ids[1]\`, \`query.page\`,
  \`header.idempotency-key\`.
- \`retry_after_ms\` says when the same request may succeed; \`Retry-After\` says it in seconds.
- "Retry" means: the same request may succeed later, unchanged. After \`outcome_unknown\` repeat
  it with the same \`Idempotency-Key\`, or ask for the \`reservation_id\` that the error names.
- \`trace_id\` comes with every 5xx and with \`payment_declined\`: by it the logs tell what
  happened. It is in the header \`Trace-Id\` too, which accepted bookings have as well. A request
  may bring its own, in a W3C \`traceparent\` header; what is not a valid one is ignored.
- "Close code" is what a WebSocket of the live map is closed with.

| Code | Status | Close code | Retry | Meaning |
| --- | --- | --- | --- | --- |
${errorCodes.map(rowOf).join('\n')}

## Refusals of the inventory

The engine speaks of holds where the API speaks of reservations.

| Refusal | Code |
| --- | --- |
${refusalCodes.map((code) => `| \`${code}\` | \`${refusalErrors[code]}\` |`).join('\n')}
`;
}

function rowOf(code: (typeof errorCodes)[number]): string {
  const { httpStatus, wsCloseCode, retry, message } = errorTable[code];
  const again = retry ? 'yes' : '';
  return `| \`${code}\` | ${httpStatus} | ${wsCloseCode ?? ''} | ${again} | ${message} |`;
}
