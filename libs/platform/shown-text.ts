import { redact } from './redact.js';

/**
 * What goes to a terminal. Names of events, file names, arguments and answers of others may hold
 * control characters, by which a terminal can be told to forge lines, to send keys or to change its
 * title, and marks that turn the order of letters round: they are shown by their number. The only
 * control character that stays is the end of a line.
 *
 * The spelling is that of JSON, so a text that is JSON stays the same JSON.
 */
export function shownText(text: string): string {
  return text.replace(unseen, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same without secrets, for messages. What was asked for, such as a token, is no message. */
export const shownMessage = (text: string): string => shownText(redact(text));

/** C0 but line feed, DEL and C1, and what sets the direction of text. */
const unseen =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
