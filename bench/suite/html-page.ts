import { generatorBusyMax, type ContestLine } from '../peers/contest-lines.js';
import type { Spread } from '../summary.js';
import { escape } from './escape.js';
import { durabilityWord, groupsOf, groupTitle, labelOf } from './labels.js';
import { cpuPlot, latencyPlot, ratePlot, tradePlot } from './plots.js';
import { isMet, isOwn, losses, type Figure, type SuiteReport } from './suite-report.js';

/** The whole report as one page: no script, no network, nothing beside it. */
export function suitePage(report: SuiteReport): string {
  const sections = [
    introduction(report),
    strongest(report),
    targets(report.figures),
    ...groupsOf(report.contests).map(([title, lines]) => group(title, lines)),
    sweeps(report),
    list('Where Holdfast loses', losses(report).map(lossText), 'Nowhere in these rounds.'),
    list(
      'Not run',
      report.notRun.map(({ title, reason }) => `${title}: ${reason}`),
      'Everything that was asked for ran.',
    ),
    list('Not measured', report.notMeasured, ''),
    oracle(report.contests),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Holdfast: benchmark of ${escape(report.at.slice(0, 10))}</title>
<style>${style}</style></head>
<body><main><h1>Holdfast, and what people would use instead</h1>
${sections.join('\n')}
</main></body></html>
`;
}

function introduction({ machine, versions, command, at, method }: SuiteReport): string {
  const facts: [string, string][] = [
    [
      'Machine',
      `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}`,
    ],
    ['Disk', `8 kB write and fdatasync: ${machine.fsyncUs} us at the median`],
    ['Node', machine.node],
    ['Postgres', `${machine.postgres}, ${machine.durability}`],
    ...Object.entries(versions),
    ['Command', command],
    ['When', at],
  ];
  const rows = facts.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`);
  return `<p>Only accepted holds are work done. Refused, errors and time-outs are columns of their
own. Only ratios within one run mean anything.</p><dl>${rows.join('')}</dl>
<p>${method.map(escape).join(' ')}</p>`;
}

/** The one that keeps what it says and comes nearest, or is ahead, at the most connections. */
function strongest({ contests }: SuiteReport): string {
  const peers = contests.filter(
    ({ competitor, durability, duePerSecond, workload }) =>
      !isOwn(competitor) &&
      durability !== 'none' &&
      duePerSecond === null &&
      workload === contests[0].workload,
  );
  const most = Math.max(0, ...peers.map(({ connections }) => connections));
  const [first] = peers
    .filter(({ connections }) => connections === most)
    .sort((a, b) => b.acceptedPerSecond.median - a.acceptedPerSecond.median);
  if (first === undefined) return '';
  const pair = contests.filter(
    ({ competitor, workload, duePerSecond }) =>
      ['holdfast', first.competitor].includes(competitor) &&
      workload === first.workload &&
      duePerSecond === null,
  );
  return `<section><h2>The strongest competitor: ${escape(labelOf(first))}</h2>
${groupsOf(pair)
  .map(([title, lines]) => `<h3>${escape(title)}</h3>${table(lines)}`)
  .join('')}</section>`;
}

function targets(figures: readonly Figure[]): string {
  if (figures.length === 0) return '';
  const rows = figures.map(({ name, unit, value, target }) => {
    const met = target === null ? '' : isMet(value, target) ? 'met' : 'missed';
    const wanted =
      target === null
        ? ''
        : target.atLeast === undefined
          ? `at most ${target.atMost}`
          : `at least ${target.atLeast}`;
    return row([escape(name), `${band(value)} ${escape(unit)}`, wanted, met]);
  });
  const head = row(['', 'measured [lowest-highest]', 'target', ''], 'th');
  return `<section><h2>Targets</h2>${scroll(`<table>${head}${rows.join('')}</table>`)}</section>`;
}

function group(title: string, lines: readonly ContestLine[]): string {
  const byRate = [...lines].sort((a, b) => b.acceptedPerSecond.median - a.acceptedPerSecond.median);
  const plots = [
    ['Accepted holds a second', ratePlot('Accepted holds a second', byRate)],
    ['Latency: p50, p99, p99.9', latencyPlot('Latency of accepted holds', byRate)],
    ['CPU of a hold by process', cpuPlot('CPU of a hold by process', byRate)],
    ['Rate against p99', tradePlot('Rate against p99', byRate)],
  ].map(([name, plot]) => `<figure><figcaption>${name}</figcaption>${plot}</figure>`);
  return `<section><h2>${escape(title)}</h2>${table(lines)}
<div class="plots">${plots.join('')}</div></section>`;
}

const columns = [
  'held/s',
  'lowest-highest',
  'refused',
  'errors',
  'time-outs',
  'p50 ms',
  'p99 ms',
  'p99.9 ms',
  'CPU s per 1,000',
  'Holdfast is',
  'a hold has',
];

function table(lines: readonly ContestLine[]): string {
  const rows = lines.map((line) => {
    const { acceptedPerSecond: rate, cpuSecondsPerThousand: cpu, holdfastRatio: ratio } = line;
    const notes = [line.setting, line.generatorBusy > generatorBusyMax ? 'generator-bound' : ''];
    const name = [labelOf(line), ...notes.filter((text) => text !== '')].map(escape).join('<br>');
    const cells = [
      name,
      whole(rate.median),
      `${whole(rate.min)}-${whole(rate.max)}`,
      ...[line.refused, line.errors, line.timeouts].map(whole),
      ...[line.p50Us, line.p99Us, line.p999Us].map(ms),
      cpu === null ? '' : cpu.median.toFixed(3),
      ratio === null ? '' : `${band(ratio)}x`,
      escape(line.job),
    ];
    return row(cells, 'td', line.competitor === 'holdfast' ? ' class="own"' : '');
  });
  return scroll(`<table>${row(['', ...columns], 'th')}${rows.join('')}</table>`);
}

const row = (cells: readonly string[], tag = 'td', more = ''): string =>
  `<tr${more}>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
/** Wide tables move sideways in their own frame, never the page; the keyboard reaches it. */
const scroll = (inside: string): string => `<div class="scroll" tabindex="0">${inside}</div>`;

function sweeps(report: SuiteReport): string {
  if (report.sweeps.length === 0) return '';
  const rows = report.sweeps.map(({ competitor, setting, acceptedPerSecond, best }) =>
    row([escape(competitor), escape(setting), whole(acceptedPerSecond), best ? 'taken' : '']),
  );
  const head = row(['peer', 'setting', 'held/s', ''], 'th');
  const tried = scroll(`<table>${head}${rows.join('')}</table>`);
  return `<section><h2>How each peer was tuned</h2>${tried}</section>`;
}

function list(title: string, texts: readonly string[], none: string): string {
  const items = texts.map((text) => `<li>${escape(text)}</li>`).join('');
  const body = items === '' ? `<p>${none}</p>` : `<ul>${items}</ul>`;
  return `<section><h2>${title}</h2>${body}</section>`;
}

const lossText = (line: ContestLine): string =>
  `${labelOf(line)} accepts more: Holdfast is ${band(line.holdfastRatio as Spread)}x of it ` +
  `(${groupTitle(line)}; ${durabilityWord(line)}; a hold has: ${line.job}).`;

function oracle(lines: readonly ContestLine[]): string {
  const wrong = lines.flatMap((line) => line.wrong.map((text) => `${line.title}: ${text}`));
  const none = 'Nothing was sold twice, and everything that was acknowledged was kept.';
  return list('The oracle', wrong, none);
}

const band = ({ median, min, max }: Spread): string =>
  `${plain(median)} [${plain(min)}-${plain(max)}]`;
const plain = (value: number): string =>
  Math.abs(value) >= 100 ? whole(value) : String(Number(value.toFixed(2)));
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const ms = (us: number): string => (us / 1_000).toFixed(us < 10_000 ? 2 : 1);

const style = `
:root{color:#1a202c;background:#fff;font:16px/1.5 system-ui,sans-serif}
body{margin:0}main{max-width:1320px;margin:0 auto;padding:16px}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:0}
dt{color:#4a5568}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem}
th,td{padding:4px 10px;border-bottom:1px solid #e2e8f0;text-align:right;vertical-align:top}
th{color:#4a5568;font-weight:600;white-space:nowrap}
th:first-child,td:first-child,:is(th,td):nth-child(12){text-align:left;min-width:9.5rem}
td:nth-child(11){white-space:nowrap}
td{font-variant-numeric:tabular-nums}.own td{font-weight:700;background:#fff5f5}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));gap:24px}
figure{margin:16px 0 0;max-width:480px}figcaption{font-weight:600;margin-bottom:4px}
svg{width:100%;height:auto;font-size:12px;font-family:inherit}svg text{fill:#1a202c}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.8rem;margin:4px 0}
.legend i{display:inline-block;width:10px;height:10px;margin-right:5px}
`;
