/**
 * Takes secrets out of text that people or files get to see: log lines, error lines, what a start
 * prints. By their form and not by where they come from, since a library's error repeats what it
 * was given. The one place: whoever shows text sends it through here.
 *
 * Works on plain text and on a line of JSON, which stays JSON: nothing found reaches over a quote.
 */
export function redact(text: string): string {
  return forms.reduce((shown, [form, instead]) => shown.replace(form, instead), text);
}

/** Inside a text: an escaped character of JSON, or any that does not end it. */
const inside = String.raw`(?:\\.|[^\s"'\`<>\\])`;
const names = 'pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|credential|auth';
const scheme = String.raw`[a-z][a-z0-9+.-]{0,20}:\/\/`;

type Form = readonly [RegExp, string];

/** Repetitions are bounded, so that a long line costs what its length costs. */
const forms: readonly Form[] = [
  // scheme://user:password@ keeps the user: people need him to find their mistake.
  urls(String.raw`([^\s"'\`<>\\:@/,]{1,200}:)`, '$1$2***@'),
  // scheme://token@
  urls(String.raw`(?![^\s"'\`<>\\:@/,]{1,200}:\*\*\*@)`, '$1***@'),
  // ?password=, &token=, PGPASSWORD=, and the key words of libpq: password='...' user=...
  [new RegExp(String.raw`\b([\w.-]{0,40}(?:${names}))=${inside}+`, 'gi'), '$1=***'],
  [new RegExp(String.raw`\b([\w.-]{0,40}(?:${names}))='(?:\\.|[^'"\\])*'`, 'gi'), "$1='***'"],
  [new RegExp(String.raw`(--(?:${names})[ ])${inside}+`, 'gi'), '$1***'],
  [/\b(Bearer|Basic) +[\w.~+/-]{8,}=*/gi, '$1 ***'],
  // Stripe's keys, seeds of nkeys, JSON Web Tokens, PEM.
  [/\b((?:sk|rk|pk)_(?:live|test)_|whsec_)[A-Za-z0-9]+/g, '$1***'],
  [/\bS[UAONC][A-Z2-7]{56}\b/g, 'S***'],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, 'eyJ***'],
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^"]*/g, '***'],
];

/** To the last `@` before the next address of a list: a password may hold what it should not. */
function urls(before: string, instead: string): Form {
  const info = String.raw`(?:(?!,${scheme})${inside}){0,400}`;
  return [new RegExp(String.raw`\b(${scheme})${before}${info}@`, 'gi'), instead];
}
