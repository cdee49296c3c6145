import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { namesOfCity } from './city-names.js';
import { keyOf, searchVersion, wordsOf } from './plain-words.js';
import { joinedQueries, keywordOf, searchQuery, typedWords } from './search-query.js';
import { cityKeys, searchVector, searchWords } from './search-terms.js';
import { editDistance, nearest } from './spelling.js';
import { latinOf } from './transliterations.js';

const nothing = { name: '', performers: [], venue: '', city: '', type: 'other' };

describe('words', () => {
  it('lose case, accents and punctuation', () => {
    expect(wordsOf('Beyoncé & Jay-Z @ Straße №7 Γιώργος Łódź')).toEqual([
      ...['beyonce', 'jay', 'z', 'strasse', 'no7', 'γιωργοσ', 'lodz'],
    ]);
    expect(wordsOf("Rock'n'Roll AC/DC")).toEqual(['rocknroll', 'ac', 'dc']);
    expect(wordsOf('')).toEqual([]);
  });

  it('keep marks that make another letter', () => {
    expect(wordsOf('ガ')).not.toEqual(wordsOf('カ'));
    expect(wordsOf('ｶﾞ')).toEqual(wordsOf('ガ'));
    expect(wordsOf('ヒカル')).toEqual(wordsOf('ひかる'));
    expect(wordsOf('คอนเสิร์ต')).toEqual(['คอนเสิร์ต']);
    expect(wordsOf('मुंबई')).toEqual(['मुंबई']);
    expect(wordsOf('부산')).toEqual(['부산']);
  });

  it('of names compare as a whole, also names without letters', () => {
    expect(keyOf('São  Paulo')).toBe(keyOf('SAO PAULO'));
    expect(keyOf('!!!')).not.toBe(keyOf('???'));
  });

  it('of other scripts have Latin letters', () => {
    expect(
      ['москва', 'чаиковскии', 'αθηνα', 'ひかる', 'とうきょう', 'さっぽろ', '서울', 'abc'].map(
        latinOf,
      ),
    ).toEqual(['moskva', 'chaikovsky', 'athina', 'hikaru', 'toukyou', 'sapporo', 'seoul', null]);
  });
});

describe('terms', () => {
  it('are words, their beginnings, neighbours, city and type, none of which needs quoting', () => {
    const text = { ...nothing, name: "O'Brien \\ 'x'", city: 'Leeds', type: 'film' };
    expect(searchVector(text)).toBe(
      "'obrien':1A '^o':1A '^ob':1A '=5c':2A 'x':2A '^x':2A " +
        "'leeds':7C '^l':7C '^le':7C '@leeds' '#film' '@leeds#film'",
    );
    expect(searchQuery(keywordOf("a:* 'b' \\"), 'exact')).toMatch(/^[a-z=0-9.'()&| :*+^]+$/);
  });

  it('know cities in all their spellings', () => {
    expect(cityKeys('Köln')).toEqual(expect.arrayContaining(['koln', 'koeln', 'cologne']));
    expect(cityKeys('Hà Nội')).toContain('hanoi');
    expect(cityKeys('Москва')).toEqual(expect.arrayContaining(['москва', 'moskva', 'moscow']));
    expect(cityKeys('東京')).toContain('tokyo');
    expect(namesOfCity('Nowhere')).toEqual([]);
    expect(cityKeys('Nowhere')).toEqual(['nowhere']);
  });

  it('of what is typed are bounded in number and length', () => {
    const many = Array.from({ length: 100 }, (_, i) => `w${i}`).join(' ');
    expect(keywordOf(many)).toHaveLength(limits.keywordTokensMax);
    expect(typedWords(keywordOf('x'.repeat(10_000)))[0].length).toBeLessThanOrEqual(64);
    expect(keywordOf('ham ham HAM')).toHaveLength(1);
    expect(joinedQueries(keywordOf('ac dc'))).toHaveLength(1);
    const longest = {
      ...nothing,
      name: 'ab '.repeat(66),
      performers: Array(50).fill('x '.repeat(50)),
    };
    expect(searchVector(longest).length).toBeLessThan(100_000);
  });

  it('are derived as the version says: a change of this sum is a new searchVersion', () => {
    const names = [
      ...['AC/DC', 'P!nk', 'Ke$ha', 'R.E.M.', '!!!', 'R&B', '宇多田ヒカル', '東京ドーム', 'Ёлка'],
      ...['คอนเสิร์ตใหญ่', '서울재즈페스티벌', 'Sigur Rós', 'Motörhead', 'Ο Θίασος', 'تامر حسني', '♥'],
    ];
    const derived = names.map((name) => {
      const event = {
        name,
        performers: [name, 'The X'],
        venue: 'Hall',
        city: 'Köln',
        type: 'film',
      };
      return [searchVector(event), searchWords(event), cityKeys(name), keyOf(name)];
    });
    const sum = createHash('sha256').update(JSON.stringify(derived)).digest('hex');
    expect([searchVersion, sum.slice(0, 16)]).toEqual([2, '6d6ec47b2311a67d']);
  });
});

describe('spelling', () => {
  it('counts inserts, deletes, replacements and swaps as one edit', () => {
    const distances = [
      ['hamlet', 'hamlet'],
      ['hamlte', 'hamlet'],
      ['hmalet', 'hamlet'],
      ['hamet', 'hamlet'],
      ['hammlet', 'hamlet'],
      ['hanlet', 'hamlet'],
      ['', 'abc'],
      ['abc', ''],
    ].map(([a, b]) => editDistance(a, b));
    expect(distances).toEqual([0, 1, 1, 1, 1, 1, 3, 3]);
  });

  it('keeps the nearest words only, and none that is another word', () => {
    expect(nearest('hamlte', ['hamlets', 'hamlet', 'hamster'])).toEqual(['hamlet']);
    expect(nearest('cats', ['cast', 'cars', 'dogs'])).toEqual(['cast', 'cars']);
    expect(nearest('zzzz', ['hamlet'])).toEqual([]);
    expect(nearest('u3', ['u2'])).toEqual([]);
  });
});
