/**
 * The style of the simulated bank's page, in the colours of the shop's pages. The simulator writes
 * it into the page, and the gateway, which shows the page, lets this one style in by its hash.
 */
export const bankPageStyle = `
:root { color-scheme: light dark; --page: #f7f5f1; --surface: #fff; --line: #8d867a;
  --ink: #1b1b1f; --soft: #5a5750; --accent: #0b6b5d; --accent-ink: #fff;
  font-family: system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; line-height: 1.55; }
@media (prefers-color-scheme: dark) { :root { --page: #101114; --surface: #16171b;
  --line: #7d828d; --ink: #f2f2f4; --soft: #a9acb4; --accent: #58d0b8; --accent-ink: #06231e; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page);
  color: var(--ink); }
main { box-sizing: border-box; width: min(100vw - 32px, 420px); padding: 32px;
  border-radius: 16px; background: var(--surface); }
h1 { margin: 0; font-size: 1.5rem; }
p { margin: 8px 0 0; }
h1 + p { color: var(--soft); }
form { display: grid; gap: 12px; margin-top: 24px; }
button { min-height: 48px; border: 1px solid transparent; border-radius: 999px; font: inherit;
  font-weight: 620; background: var(--accent); color: var(--accent-ink); cursor: pointer; }
button + button { background: none; border-color: var(--line); color: var(--ink); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
`;
