/** Subjects are tokens joined by dots; `*` stands for one token, a final `>` for one or more. */
export const isPattern = (subject: string): boolean => /(^|\.)(\*|>)(\.|$)/.test(subject);

export function matches(pattern: readonly string[], subject: readonly string[]): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '>') return subject.length > i;
    if (i >= subject.length || (pattern[i] !== '*' && pattern[i] !== subject[i])) return false;
  }
  return pattern.length === subject.length;
}

/** A subject a message can be published on: tokens are not empty and hold no wildcard or space. */
export const isPublishable = (subject: string): boolean =>
  /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(subject);
