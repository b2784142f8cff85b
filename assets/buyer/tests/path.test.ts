import { describe, expect, it } from 'vitest';
import { kbpsOf } from '../src/join/path';

describe('what the way carries', () => {
  it('leaves out the slow beginning of a connection', () => {
    // 100 bytes/ms after a start of 1000 ms for the first quarter
    expect(kbpsOf([[0, 0], [500, 1000], [1000, 25_000], [1250, 50_000], [1750, 100_000]], 100_000)).toBe(800);
  });
  it('is judged by what came when not all did, even less than a quarter', () => {
    expect(kbpsOf([[0, 0], [1000, 5000], [2000, 10_000]], 100_000)).toBe(40);
    expect(kbpsOf([[0, 0], [100, 30_000], [1100, 60_000]], 100_000)).toBe(240);
  });
  it('says nothing where nothing came', () => {
    expect(kbpsOf([], 100_000)).toBe(0);
    expect(kbpsOf([[0, 0]], 100_000)).toBe(0);
  });
  it('stays a number when all came at once', () => {
    expect(kbpsOf([[5, 0], [5, 100_000]], 100_000)).toBe(800_000);
  });
});
