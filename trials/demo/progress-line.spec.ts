import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ProgressLine } from './progress-line.js';

describe('The progress line', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is rewritten in place on a terminal and cut to its width', () => {
    let text = '';
    const screen = { isTTY: true, columns: 20, write: (part: string) => (text += part) };
    const line = new ProgressLine(screen, () => 'twenty-five characters...');
    jest.advanceTimersByTime(400);
    line.stop();
    expect(text).toBe(`${'\r\x1b[Ktwenty-five charac…'.repeat(2)}\r\x1b[K`);
    jest.advanceTimersByTime(1_000);
    expect(text.endsWith('\r\x1b[K')).toBe(true);
  });

  it('sends a terminal nothing but text of what it is told', () => {
    let text = '';
    const line = new ProgressLine({ write: (part) => (text += part) }, () => 'a\x1b]0;b\x07');
    line.say('c\x1b[2Jd');
    jest.advanceTimersByTime(2_100);
    line.stop();
    expect(text).toBe('c\\u001b[2Jd\na\\u001b]0;b\\u0007\n');
  });

  it('makes room for a line that has something else to say', () => {
    let text = '';
    const screen = { isTTY: true, columns: 80, write: (part: string) => (text += part) };
    const line = new ProgressLine(screen, () => 'how it goes');
    jest.advanceTimersByTime(200);
    line.say('shard-2 died');
    line.stop();
    expect(text).toBe('\r\x1b[Khow it goes\r\x1b[Kshard-2 died\n\r\x1b[K');
  });

  it('is a whole new line every two seconds elsewhere', () => {
    let text = '';
    const screen = { write: (part: string) => (text += part) };
    const line = new ProgressLine(screen, () => 'how it goes');
    jest.advanceTimersByTime(4_100);
    line.stop();
    expect(text).toBe('how it goes\nhow it goes\n');
  });
});
