/** What `npm run bench -- NAME` runs; each has a --help of its own. */
type Main = (args: readonly string[]) => Promise<number> | number;

const named: Readonly<Record<string, () => Promise<{ readonly main: Main }>>> = {
  holds: () => import('./run-bench.js'),
  peers: () => import('./peers/run-peers.js'),
  sockets: () => import('./suite/run-sockets.js'),
  sales: () => import('./sales/run-sales.js'),
  growth: () => import('./growth/run-growth.js'),
  generators: () => import('./generators/run-generators.js'),
  profile: () => import('./profile/run-profile.js'),
  capacity: () => import('./capacity/run-capacity.js'),
  edges: () => import('./edges/run-edges.js'),
  moves: () => import('./moves/run-moves.js'),
  herd: () => import('./moves/run-herd.js'),
  slow: () => import('./moves/run-slow.js'),
  turns: () => import('./turns/run-turns.js'),
  'seat-map': () => import('./seat-map/run-seat-map.js'),
  seats: () => import('./seats/run-seats.js'),
  search: () => import('./search/run-search.js'),
  neighbour: () => import('./neighbour/run-neighbour.js'),
  builds: () => import('./builds/run-builds.js'),
  room: () => import('./room/run-room.js'),
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
