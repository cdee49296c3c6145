import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { sound } from '#libs/catalogue/checked.js';
import { compilePlan } from '#libs/catalogue/compile-plan.js';
import { focalReason } from '#libs/catalogue/focal-point.js';
import { parseDocument } from '#libs/catalogue/plan-document.js';
import { parsePlan } from '#libs/catalogue/pretix-plan.js';
import { firstSold } from './best-seats.js';
import { planPicture } from './plan-picture.js';

const help = `npm run plan-picture -- PLAN.json OUT.svg [options]

  --closed CATEGORY   not for sale; may be given several times
  --seat-id uuid      the field with the seat ids
  --focal X,Y         in place of the point that is found
  --browser PROGRAM   Chromium, which writes OUT.png as well
`;

/** Draws a plan file with its focal point and the 20 seats that are sold first. */
export function drawPlan(args: readonly string[]): void {
  const read = parsed(args);
  if (read?.positionals.length !== 2) {
    process.stdout.write(help);
    process.exitCode = read?.values.help === true ? 0 : 2;
    return;
  }
  const { values, positionals } = read;
  const [planFile, out] = positionals;
  const [x, y] = (values.focal ?? '').split(',').map(Number);
  const focal = values.focal === undefined ? undefined : { x, y };
  const seatId = values['seat-id'] === 'uuid' ? 'uuid' : 'seat_guid';
  const plan = sound(parsePlan(readFileSync(planFile), { seatId }));
  const compiled = compilePlan(plan, { areas: [], focal });
  const best = firstSold(compiled, 10, values.closed);
  const document = parseDocument(compiled.document);
  const picture = planPicture(document, best);
  writeFileSync(out, picture);
  const at = `${document.focal.x},${document.focal.y}`;
  process.stdout.write(`focal point ${at}: ${focalReason(compiled.focal)}\n`);
  if (values.browser !== undefined) screenshot(values.browser, out, picture);
}

function parsed(args: readonly string[]) {
  const options = {
    closed: { type: 'string', multiple: true },
    focal: { type: 'string' },
    'seat-id': { type: 'string' },
    browser: { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    process.stderr.write(`plan-picture: ${(error as Error).message}\n`);
    return null;
  }
}

function screenshot(browser: string, svg: string, picture: string): void {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(picture) ?? [];
  const png = svg.replace(/\.svg$/, '') + '.png';
  const result = spawnSync(
    browser,
    [
      '--headless',
      '--no-sandbox',
      `--screenshot=${path.resolve(png)}`,
      `--window-size=${Math.ceil(Number(width))},${Math.ceil(Number(height))}`,
      pathToFileURL(path.resolve(svg)).href,
    ],
    { stdio: 'ignore', timeout: 60_000 },
  );
  process.stdout.write(result.status === 0 ? `${png}\n` : `${browser} wrote no picture\n`);
}
