/**
 * The fences of the tree: which part may import which. One table, asked by the linter for the
 * file that is being written (lint-plugin.mjs) and by a spec for every import there is
 * (imports.spec.ts). An import goes down the layers, or sideways to contracts and platform.
 */

/**
 * Which libraries a library may import. `only types` may be named by `import type` alone, so that
 * they are in no bundle. libs/testing is not shipped and imports any library.
 */
export const layers = {
  inventory: { may: [] },
  platform: { may: [] },
  contracts: { may: ['inventory'] },
  client: { may: [], onlyTypes: ['contracts'] },
  'seat-map': { may: [] },
  oracle: { may: ['inventory'] },
  database: { may: ['platform', 'contracts'] },
  bus: { may: ['contracts', 'platform', 'inventory'] },
  journal: { may: ['database', 'contracts', 'platform', 'inventory'] },
  office: { may: ['database', 'contracts', 'platform', 'inventory'] },
  room: { may: ['database', 'contracts', 'platform', 'inventory'] },
  catalogue: { may: ['database', 'contracts', 'platform', 'inventory'] },
  actor: { may: ['journal', 'bus', 'contracts', 'platform', 'inventory'] },
  routing: { may: ['bus', 'contracts', 'platform', 'inventory'] },
  hosting: {
    may: [
      'actor',
      'routing',
      'room',
      'catalogue',
      'journal',
      'bus',
      'contracts',
      'platform',
      'inventory',
    ],
  },
};

/** What is run and operated. Everything else tries it, measures it or helps who writes it. */
const shippedRoofs = ['libs', 'apps', 'ops'];
const roofs = [...shippedRoofs, 'trials', 'bench', 'e2e', 'tools', 'findings'];

/** Imports that are right against a fence, each with its reason. */
const exceptions = [
  { from: 'ops/setup.mjs', to: 'tools/build/', why: 'the first start of a clone builds it' },
];

/**
 * Null: this import may be. Else what it is against, as a sentence.
 *
 * `from` is the importing file, relative to the project, with slashes. `specifier` stands as it is
 * written. `typeOnly`: nothing of it is left when the program runs.
 */
export function refusalOf({ from, specifier, typeOnly }) {
  if (!roofs.includes(roofOf(from))) return null;
  const to = fileOf(from, specifier);
  if (to === null) return refusedPackage(from, specifier);
  if (exceptions.some((one) => from === one.from && to.startsWith(one.to))) return null;
  return (
    refusedPath(from, to, specifier) ??
    refusedRoof(from, to) ??
    refusedSupport(from, to) ??
    refusedLayer(from, to, typeOnly) ??
    refusedApp(from, to)
  );
}

/** The file a specifier means, as it is written (with .js for .ts); null for a package. */
export function fileOf(from, specifier) {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (!specifier.startsWith('.')) return null;
  const parts = [];
  for (const part of [...from.split('/').slice(0, -1), ...specifier.split('/')]) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Specs and what stands by them: never part of what runs. */
export function isSupport(file) {
  return (
    file.startsWith('libs/testing/') ||
    file.split('/').slice(0, -1).includes('testing') ||
    /\.(spec|features|fixtures|bench)\.(ts|tsx|js)$/.test(file)
  );
}

export const isShipped = (file) => shippedRoofs.includes(roofOf(file)) && !isSupport(file);

const roofOf = (file) => file.split('/')[0];

/** `libs/bus`, `apps/gateway`, `ops`: what a relative path does not leave. */
function houseOf(file) {
  const [roof, name] = file.split('/');
  return roof === 'libs' || roof === 'apps' ? `${roof}/${name}` : roof;
}

function refusedPackage(from, specifier) {
  if (isSupport(from)) return null;
  if (from.startsWith('libs/inventory/')) return `the core imports nothing, so not ${specifier}`;
  if (libraryOf(from) === 'client') return `the client runs in browsers, without ${specifier}`;
  if (libraryOf(from) === 'seat-map') return `the map runs in browsers, without ${specifier}`;
  return null;
}

/** Plain modules run without a build and have no other way to each other. */
function refusedPath(from, to, specifier) {
  if (!specifier.startsWith('.') || to.endsWith('.mjs')) return null;
  if (houseOf(from) === houseOf(to)) return null;
  return `a relative path stays inside ${houseOf(from)}, use #${to}`;
}

/** Specs too: a library must not need what is built of it. */
function refusedRoof(from, to) {
  const roof = roofOf(to);
  if (roofOf(from) === 'libs' && roof !== 'libs') return `a library never imports ${roof}/`;
  if (isShipped(from) && !shippedRoofs.includes(roof)) {
    return `nothing shipped imports ${roof}/`;
  }
  if (roofOf(from) === 'apps' && roof === 'ops' && !isSupport(from)) {
    return 'an app never imports ops/';
  }
  return null;
}

function refusedSupport(from, to) {
  if (!isShipped(from) || !isSupport(to)) return null;
  return to.startsWith('libs/testing/')
    ? 'nothing shipped imports libs/testing/'
    : 'nothing shipped imports the support of specs';
}

function refusedLayer(from, to, typeOnly) {
  const [mine, other] = [libraryOf(from), libraryOf(to)];
  if (mine === null || other === null || mine === other) return null;
  if (mine === 'routing' && other === 'hosting') return 'libs/routing never imports libs/hosting';
  if (isSupport(from)) return null;
  const layer = layers[mine];
  if (layer === undefined) return `libs/${mine} has no layer yet, give it one in fences.mjs`;
  if (layer.may.includes(other)) return null;
  if (layer.onlyTypes?.includes(other)) {
    return typeOnly ? null : `libs/${mine} imports types of libs/${other} only`;
  }
  const allowed = layer.may.map((name) => `libs/${name}`).join(', ') || 'nothing';
  return `libs/${mine} may import only: ${allowed}`;
}

const libraryOf = (file) => (roofOf(file) === 'libs' ? file.split('/')[1] : null);

function refusedApp(from, to) {
  if (roofOf(from) !== 'apps' || roofOf(to) !== 'apps' || isSupport(from)) return null;
  return houseOf(from) === houseOf(to) ? null : 'apps speak over the bus, not by imports';
}
