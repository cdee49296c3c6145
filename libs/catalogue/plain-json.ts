/** What JSON escapes; of surrogates only those that are alone, but all are rare enough. */
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** In a JSON string it stands as it is. */
export const isPlainJson = (text: string): boolean => !escaped.test(text);
