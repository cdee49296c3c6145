import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { closeSide, openSide } from '../edges/sides.js';
import { escape } from '../suite/escape.js';
import { Generator } from '../load/generator.js';
import { machineName } from '../machine.js';
import { coreOfGateway } from '../measured-system.js';
import { runHoldfast, type Run } from '../rounds.js';
import { budgetOf, type CpuProfile, type Step } from './cpu-profile.js';
import { flameGraph } from './flame.js';
import { profileOf } from './inspected.js';

const helpText = `npm run bench -- profile [options]

  --seconds N   of holds over 256 connections, for each process in turn (4)
  --html FILE   flame graphs of gateway and shard, on one page

Where the microseconds of a hold go, by step, in the gateway and in the shard.
Sampling costs them some: the shares count, not the sum.`;

/** npm run bench -- profile. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '4' },
      html: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const measureMs = Number(values.seconds) * 1_000;
  if (values.help || !(measureMs > 0)) {
    console.log(helpText);
    return values.help ? 0 : 2;
  }
  const profiles = await profileEach(measureMs);
  console.log(`${machineName()}, Node ${process.versions.node}, 256 connections`);
  for (const { role, budget } of profiles) {
    const sum = budget.reduce((all, { usEach }) => all + usEach, 0);
    console.log(`${role}: ${sum.toFixed(1)} us a hold`);
    budget.forEach(({ name, usEach }) =>
      console.log(`  ${usEach.toFixed(2).padStart(6)}  ${name}`),
    );
  }
  if (values.html !== undefined) writeFileSync(values.html, pageOf(profiles));
  return 0;
}

interface Profiled {
  readonly role: string;
  readonly profile: CpuProfile;
  readonly budget: readonly Step[];
}

const roles = ['gateway', 'shard'];

async function profileEach(measureMs: number): Promise<Profiled[]> {
  const generator = new Generator();
  const side = await openSide('uws', coreOfGateway(), generator);
  const times = { connections: 256, warmUpMs: 0, measureMs, arrivals: { kind: 'closed' } } as const;
  const holds = (): Promise<Run> => runHoldfast(side.bench, times);
  try {
    await holds();
    const profiles: Profiled[] = [];
    for (const role of roles) {
      const found = side.bench.processes.find(({ name }) => name.includes(role));
      if (found === undefined) throw new Error(`there is no process of a ${role}`);
      let accepted = 1;
      const profile = await profileOf(found.pid, async () => {
        accepted = (await holds()).result.total.accepted;
      });
      profiles.push({ role, profile, budget: budgetOf(profile, accepted) });
    }
    return profiles;
  } finally {
    await generator.stop();
    await closeSide(side);
  }
}

const pageOf = (profiles: readonly Profiled[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Holdfast: where a hold's time goes</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:14px/1.4 system-ui,sans-serif;margin:16px}
.wide{overflow-x:auto}svg{min-width:1000px;width:100%;font-size:11px}</style></head><body>
${profiles
  .map(
    ({ role, profile }) =>
      `<h2>${escape(role)}</h2><div class="wide" tabindex="0">` +
      `${flameGraph(`CPU of the ${role}`, profile)}</div>`,
  )
  .join('\n')}
</body></html>
`;
