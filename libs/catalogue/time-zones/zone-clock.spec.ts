import { describe, expect, it } from '@jest/globals';
import { knowsZone, momentOf, offsetAt, zoneOfOffset } from './zone-clock.js';
import { zoneRules } from './zone-rules.js';

const wall = (text: string): number => Date.parse(`${text}Z`);
const at = (text: string): number => Date.parse(text);

/** Zones whose rules have been the same in every table of the last ten years. */
const settled = [
  ...['Europe/Berlin', 'Europe/London', 'Europe/Dublin', 'America/New_York', 'Asia/Tokyo'],
  ...['Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Auckland'],
  ...['Pacific/Chatham', 'Africa/Johannesburg', 'Etc/UTC', 'Etc/GMT-9', 'America/Havana'],
];

describe('the clock of a zone', () => {
  it.each(settled)('is what Intl says for %s, every eleven hours of three years', (zone) => {
    const format = new Intl.DateTimeFormat('sv', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    const wrong: string[] = [];
    for (let ms = Date.UTC(2026, 0, 1); ms < Date.UTC(2029, 0, 1); ms += 11 * 3_600_000) {
      const shown = Date.parse(`${format.format(ms).replace(' ', 'T')}Z`);
      if (shown - ms !== offsetAt(zone, ms) * 60_000) wrong.push(new Date(ms).toISOString());
    }
    expect(wrong).toEqual([]);
  });

  it('skips no moment and shows none twice that it does not', () => {
    expect(momentOf('Asia/Tokyo', wall('2027-03-28T02:30'))).toEqual({
      ...{ kind: 'once', atMs: at('2027-03-28T02:30:00+09:00'), utcOffsetMinutes: 540 },
    });
  });

  it.each([
    ['Europe/Berlin', '2027-03-28T02:30', '2027-03-28T01:59', '2027-03-28T03:00'],
    ['Europe/Berlin', '2027-03-28T02:00', '2027-03-28T01:59', '2027-03-28T03:00'],
    ['America/New_York', '2027-03-14T02:59', '2027-03-14T01:59', '2027-03-14T03:00'],
    ['Australia/Lord_Howe', '2027-10-03T02:15', '2027-10-03T01:59', '2027-10-03T02:30'],
    ['America/Havana', '2027-03-14T00:30', '2027-03-13T23:59', '2027-03-14T01:00'],
    ['Europe/Dublin', '2027-03-28T01:30', '2027-03-28T00:59', '2027-03-28T02:00'],
  ])('in %s skips %s', (zone, text, before, after) => {
    expect(momentOf(zone, wall(text))).toEqual({ kind: 'skipped', before, after });
  });

  it.each([
    ['Europe/Berlin', '2027-10-31T02:30', '2027-10-31T02:30:00+02:00', 60],
    ['America/New_York', '2027-11-07T01:30', '2027-11-07T01:30:00-04:00', -300],
    ['Australia/Lord_Howe', '2027-04-04T01:45', '2027-04-04T01:45:00+11:00', 630],
  ])('in %s shows %s twice, and means the earlier', (zone, text, earlier, laterOffsetMinutes) => {
    expect(momentOf(zone, wall(text))).toMatchObject({
      ...{ kind: 'twice', atMs: at(earlier), laterOffsetMinutes },
    });
  });

  it('is not guessed where it follows the moon, or there is none', () => {
    expect(['Africa/Casablanca', 'Asia/Tokio', 'CET', 'asia/tokyo', ''].map(knowsZone)).toEqual([
      ...['moon', 'unknown', 'unknown', 'unknown', 'unknown'],
    ]);
  });

  it('has a rule that is read for every zone there is', () => {
    const zones = zoneRules.split(/\s+/).filter((word) => /^(?:[A-Z][a-z]+\/|UTC$)/.test(word));
    expect(zones.length).toBeGreaterThan(500);
    const offsets = zones.map((zone) => offsetAt(zone, at('2027-07-01T00:00:00Z')));
    expect(offsets.every((offset) => Number.isInteger(offset) && Math.abs(offset) <= 840)).toBe(
      true,
    );
  });

  it('has a name for an offset alone', () => {
    const offsets = [null, 0, 60, -300, 330, 345, -570, 61];
    expect(offsets.map(zoneOfOffset)).toEqual([
      ...['Etc/UTC', 'Etc/UTC', 'Etc/GMT-1', 'Etc/GMT+5', 'Asia/Kolkata', 'Asia/Kathmandu'],
      ...['Pacific/Marquesas', null],
    ]);
  });
});
