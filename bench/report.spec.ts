import { describe, expect, it } from '@jest/globals';
import { reportLines, type BenchReport } from './report.js';
import type { Line } from './summary.js';

const line = (server: Line['server'], connections: number): Line => ({
  connections,
  server,
  rounds: 5,
  acceptedPerSecond: { median: 123_456.7, min: 99_999, max: 145_000 },
  refused: 1_234_567,
  errors: 10_000,
  timeouts: 5,
  p50Us: 12_345,
  p99Us: 123_456,
  ratio: server === 'bare' ? null : { median: 0.42, min: 0.39, max: 0.5 },
  cpuUsPerHold: server === 'bare' ? null : { gateway: 12.3, 'nats-server': 3.2, postgres: 2.1 },
});

const report: BenchReport = {
  command: 'npm run bench -- --quick',
  at: '2027-01-01T00:00:00.000Z',
  machine: {
    cpu: 'A processor with a very long name that goes on and on and on, second edition',
    cores: 128,
    memoryGiB: 1_024,
    kernel: '6.1.0-very-long-kernel-name',
    node: 'v20.20.2',
    postgres: '18.4',
    durability: 'synchronous_commit=on fsync=on',
    fsyncUs: 187,
  },
  lines: [line('bare', 64), line('holdfast', 64), line('bare', 256), line('holdfast', 256)],
  latency: [{ ...line('holdfast', 256), name: 'half of the peak', dropped: 0 }],
  core: {
    seats: 50_000,
    rounds: 7,
    decisionsPerSecond: 2_345_678,
    medianPerSecond: 2_000_000,
    refused: 0,
  },
  pinned: true,
  generatorGivesWay: true,
  safety: { acknowledged: 1_000_000, inJournal: 1_000_000, events: 12, violations: [] },
};

describe('The printed result of the bench', () => {
  const lines = reportLines(report);

  it('fits eighty columns', () => {
    expect(lines.filter((text) => text.length > 80)).toEqual([]);
  });

  it('keeps refusals and errors out of the rate, in columns of their own', () => {
    const row = lines.find((text) => text.startsWith('  Holdfast')) ?? '';
    expect(row.trim().split(/\s+/)).toEqual([
      'Holdfast',
      '123,457',
      '100.0k-145.0k',
      '1,234,567',
      '10,005',
      '12.3',
      '123.5',
    ]);
  });

  it('says where the load generator ran, the ratio, and that it was safe', () => {
    const text = lines.join('\n');
    expect(text).toContain('same 128 cores');
    expect(text).toContain('in the idle class');
    expect(text).toContain('42 % [39-50] at 256 connections (median of 5 rounds)');
    expect(text).toContain('ok: 1,000,000 acknowledged');
  });

  it('names what was not safe', () => {
    const safety = { ...report.safety, violations: ['evt_x: 5 acknowledged, 4 in the journal'] };
    const text = reportLines({ ...report, safety }).join('\n');
    expect(text).toContain('FAILED');
    expect(text).toContain('evt_x: 5 acknowledged, 4 in the journal');
  });
});
