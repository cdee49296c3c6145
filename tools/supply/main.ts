import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { imagesIn, pinImages, type AskDigest } from './image-pins.js';
import { licenceLines, licenceProblem } from './licences.js';
import { lockedPackages } from './locked-packages.js';
import { sbom } from './sbom.js';
import { installedUws, uwsPinsModule } from './uws-pins.js';

const help = `
npm run sbom              what a release has in it, as CycloneDX, on stdout; works offline
npm run licences          the same by licence; -- --all: with the tools of development
npm run pin-images        asks the registries (with docker) and writes digests behind image tags
npm run pin-uws           writes the hashes of the installed uWebSockets.js
`;

const filesWithImages = ['Dockerfile', 'docker-compose.yml'];
const run = promisify(execFile);

/** Returns the exit code: 1 when a licence is not on the list, or a digest cannot be had. */
export async function supply([command, ...options]: readonly string[]): Promise<number> {
  if (command === 'sbom') return sbomPrinted();
  if (command === 'licences') return licencesPrinted(options.includes('--all'));
  if (command === 'pin-images') return imagesPinned(askDocker);
  if (command !== 'pin-uws') {
    process.stdout.write(help.trimStart());
    return 2;
  }
  return uwsPinned('apps/gateway/edge/uws-binaries.ts');
}

async function sbomPrinted(): Promise<number> {
  process.stdout.write(`${JSON.stringify(await sbom(), null, 2)}\n`);
  return 0;
}

function licencesPrinted(all: boolean): number {
  const packages = lockedPackages().filter(({ shipped }) => all || shipped);
  for (const line of licenceLines(packages)) process.stdout.write(`${line}\n`);
  const problems = packages.flatMap((one) => licenceProblem(one) ?? []);
  for (const problem of problems) process.stderr.write(`not on the list: ${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

async function uwsPinned(file: string): Promise<number> {
  writeFileSync(file, uwsPinsModule(installedUws()));
  await run(process.execPath, ['node_modules/oxfmt/bin/oxfmt', file]);
  return 0;
}

async function imagesPinned(ask: AskDigest): Promise<number> {
  try {
    for (const file of filesWithImages) {
      const text = readFileSync(file, 'utf8');
      const pinned = await pinImages(text, ask);
      writeFileSync(file, pinned);
      for (const { image } of imagesIn(pinned)) process.stdout.write(`${file}: ${image}\n`);
    }
    return 0;
  } catch (error) {
    process.stderr.write(`npm run pin-images: ${(error as Error).message}\n`);
    return 1;
  }
}

/** Of the index over all platforms: one digest for whoever builds. */
const askDocker: AskDigest = async (image) => {
  const words = ['buildx', 'imagetools', 'inspect', image, '--format', '{{.Manifest.Digest}}'];
  const { stdout } = await run('docker', words, { timeout: 60_000 });
  return stdout.trim();
};
