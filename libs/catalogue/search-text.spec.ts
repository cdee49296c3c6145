import { describe, expect, it } from '@jest/globals';
import { limits } from '#libs/contracts/limits.js';
import { keyOf, wordsOf } from './plain-words.js';
import { keywordWords, searchQuery, searchVector, searchWords } from './search-text.js';
import { editDistance, nearest } from './spelling.js';

describe('words', () => {
  it('lose case, accents and punctuation', () => {
    expect(wordsOf('Beyoncé & Jay-Z @ Straße №7')).toEqual([
      'beyonce',
      'jay',
      'z',
      'strasse',
      'no7',
    ]);
    expect(wordsOf("Rock'n'Roll AC/DC")).toEqual(['rocknroll', 'ac', 'dc']);
    expect(wordsOf('')).toEqual([]);
  });

  it('of names compare as a whole, also names without letters', () => {
    expect(keyOf('São  Paulo')).toBe(keyOf('SAO PAULO'));
    expect(keyOf('!!!')).not.toBe(keyOf('???'));
  });

  it('of a keyword are bounded in number and length', () => {
    const many = Array.from({ length: 100 }, (_, i) => `w${i}`).join(' ');
    expect(keywordWords(many)).toHaveLength(limits.keywordTokensMax);
    expect(keywordWords('x'.repeat(10_000))[0].length).toBeLessThanOrEqual(64);
    expect(keywordWords('ham ham HAM')).toEqual(['ham']);
  });

  it('become the database’s notation without anything that needs quoting', () => {
    const text = { name: "O'Brien \\ 'x'", performers: ['B:*'], venue: 'C & D', city: '!' };
    expect(searchVector(text)).toBe("'obrien':1A 'x':2A 'b':3B 'c':4C 'd':5C");
    expect(searchWords(text)).toEqual(['b', 'c', 'd', 'obrien', 'x']);
    expect(searchQuery([['a'], ['b', 'c']])).toBe("('a' | 'a':*) & ('b' | 'b':* | 'c' | 'c':*)");
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
