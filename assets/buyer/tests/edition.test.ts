import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Edition } from '../src/link/edition';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an edited show is fetched at once, then at most once a second, and the last edit is never missed', () => {
  let fetched = 0;
  const edition = new Edition(() => void fetched++);
  edition.seen(5, performance.now());
  vi.advanceTimersByTime(5000);
  expect(fetched).toBe(0); // the first document is on its way anyway
  edition.have(1);
  edition.seen(1, performance.now());
  vi.advanceTimersByTime(5000);
  expect(fetched).toBe(0);
  for (let n = 2; n < 32; n++) {
    edition.seen(n, performance.now()); // thirty drags in three seconds
    vi.advanceTimersByTime(100);
  }
  expect(fetched).toBeGreaterThanOrEqual(3);
  expect(fetched).toBeLessThanOrEqual(4);
  vi.advanceTimersByTime(1000);
  const before = fetched;
  edition.have(31);
  edition.seen(31, performance.now());
  vi.advanceTimersByTime(5000);
  expect(fetched).toBe(before);
});
