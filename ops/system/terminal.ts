import { shownMessage, shownText } from '#libs/platform/shown-text.js';

/**
 * How commands of ops/ and trials/ speak to whoever sits at a terminal; the house rules refuse any
 * other way. A text may have several lines, and gets an end of line.
 */

/** What was asked for, on standard output. A text that is JSON stays the same JSON. */
export const printText = (text: string): void => console.log(shownText(text));

/** What there is to say about it, on standard error, without secrets. */
export const printMessage = (text: string): void => console.error(shownMessage(text));
