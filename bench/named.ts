/** What `npm run bench -- NAME` runs; each has a --help of its own. */
type Main = (args: readonly string[]) => Promise<number>;

const named: Readonly<Record<string, () => Promise<{ readonly main: Main }>>> = {
  holds: () => import('./run-bench.js'),
  peers: () => import('./peers/run-peers.js'),
};

/** Without a name: holds. */
export async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--compare') return (await import('./suite/run-compare.js')).main(rest);
  const isName = name !== undefined && !name.startsWith('-');
  if (isName && !Object.hasOwn(named, name)) {
    console.error(`npm run bench: there is no ${name} (${Object.keys(named).join(', ')})`);
    return 2;
  }
  const { main } = await named[isName ? name : 'holds']();
  return main(isName ? rest : args);
}
