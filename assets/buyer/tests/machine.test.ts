import { describe, expect, it } from 'vitest';
import { initial, limits, phase, step, wakeAt, type Effect, type LinkEvent, type State } from '../src/link/machine';

/** Drives the machine with a clock of its own; `random` is fixed at the middle, so a wait is exactly its nominal length. */
class Bench {
  state: State = initial();
  now = 1000;

  tell(event: LinkEvent): Effect[] {
    const { state, effects } = step(this.state, event, this.now, () => 0.5);
    this.state = state;
    return effects;
  }

  /** Lets time pass, waking the machine when it asked for it. */
  pass(ms: number): Effect[] {
    const until = this.now + ms;
    const effects: Effect[] = [];
    for (let at = wakeAt(this.state); at !== null && at <= until; at = wakeAt(this.state)) {
      this.now = Math.max(at, this.now);
      effects.push(...this.tell({ type: 'tick' }));
    }
    this.now = until;
    return effects;
  }

  get phase(): string {
    return phase(this.state);
  }

  open(): this {
    this.tell({ type: 'start', hasSession: false });
    this.tell({ type: 'answer', of: 'join', status: 200 });
    this.tell({ type: 'answer', of: 'show', status: 200 });
    this.tell({ type: 'socket-open' });
    return this;
  }

  play(): this {
    this.open();
    this.tell({ type: 'session', session: 'live' });
    this.tell({ type: 'answer', of: 'media', status: 201 });
    this.tell({ type: 'ice', state: 'connected' });
    this.tell({ type: 'frame' });
    return this;
  }
}

/** Frames at 30 per second for a while. */
function frames(bench: Bench, ms: number): void {
  for (let at = 0; at < ms; at += 33) {
    expect(bench.pass(33)).toEqual([]);
    bench.tell({ type: 'frame' });
  }
}

describe('a third device', () => {
  it('is told where the invitation is open, waits for the buyer, and takes over when asked', () => {
    const bench = new Bench();
    bench.tell({ type: 'start', hasSession: false });
    expect(bench.tell({ type: 'answer', of: 'join', status: 409, elsewhere: true })).toEqual([]);
    expect(bench.phase).toBe('elsewhere');
    expect(bench.pass(60_000)).toEqual([]);
    expect(bench.tell({ type: 'take-over' })).toEqual(['take-over']);
    expect(bench.phase).toBe('joining');
    expect(bench.tell({ type: 'answer', of: 'join', status: 200 })).toEqual(['fetch-show']);
  });

  it('signs another off, which shows nothing more and does not come back by itself', () => {
    const bench = new Bench().play();
    expect(bench.tell({ type: 'socket-closed', code: 4409 })).toEqual(['stop-media']);
    expect(bench.phase).toBe('moved');
    expect(bench.pass(60_000)).toEqual([]);
    expect(bench.tell({ type: 'take-over' })).toEqual(['take-over']);
  });

  it('takes nothing over while nothing is in the way', () => {
    const bench = new Bench().play();
    expect(bench.tell({ type: 'take-over' })).toEqual([]);
    expect(bench.phase).toBe('playing');
  });

  it('a link whose places are all taken says that, and may be tried again', () => {
    const bench = new Bench();
    bench.tell({ type: 'start', hasSession: false });
    bench.tell({ type: 'answer', of: 'join', status: 409 });
    expect(bench.phase).toBe('full');
    expect(bench.tell({ type: 'take-over' })).toEqual([]);
    expect(bench.tell({ type: 'again' })).toEqual(['fetch-show']);
  });
});

describe('entering', () => {
  it('joins, fetches the show, then opens socket and media together', () => {
    const bench = new Bench();
    expect(bench.tell({ type: 'start', hasSession: false })).toEqual(['join']);
    expect(bench.phase).toBe('joining');
    expect(bench.tell({ type: 'answer', of: 'join', status: 200 })).toEqual(['fetch-show']);
    expect(bench.tell({ type: 'answer', of: 'show', status: 200 })).toEqual(['open-socket', 'start-media']);
    expect(bench.phase).toBe('connecting');
  });

  it('uses a token it has, and joins again when that one is stale', () => {
    const bench = new Bench();
    expect(bench.tell({ type: 'start', hasSession: true })).toEqual(['fetch-show']);
    expect(bench.tell({ type: 'answer', of: 'show', status: 401 })).toEqual(['join']);
  });

  it('is refused for good by 403', () => {
    const bench = new Bench();
    bench.tell({ type: 'start', hasSession: false });
    expect(bench.tell({ type: 'answer', of: 'join', status: 403 })).toEqual([]);
    expect(bench.phase).toBe('refused');
    expect(bench.pass(3_600_000)).toEqual([]);
  });

  it('does not join in circles when new tokens are refused too', () => {
    const bench = new Bench();
    bench.tell({ type: 'start', hasSession: true });
    let joins = 0;
    for (let i = 0; i < 10 && bench.phase !== 'refused'; ++i) {
      joins += bench.tell({ type: 'answer', of: 'show', status: 401 }).length;
      bench.tell({ type: 'answer', of: 'join', status: 200 });
    }
    expect(bench.phase).toBe('refused');
    expect(joins).toBe(2);
  });

  it('waits as long as the server asks, at least', () => {
    const bench = new Bench();
    bench.tell({ type: 'start', hasSession: false });
    bench.tell({ type: 'answer', of: 'join', status: 429, retryAfterMs: 7000 });
    expect(bench.phase).toBe('retrying');
    expect(bench.pass(6999)).toEqual([]);
    expect(bench.pass(1)).toEqual(['join']);
  });

  it('doubles its waits up to ten seconds while nothing answers', () => {
    const bench = new Bench();
    bench.tell({ type: 'start', hasSession: false });
    const waits: number[] = [];
    for (let i = 0; i < 7; ++i) {
      bench.tell({ type: 'answer', of: 'join', status: 0 });
      const from = bench.now;
      while (bench.pass(100).length === 0);
      waits.push(bench.now - from);
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 4000, 4000, 4000]);
  });
});

describe('the waiting room', () => {
  it('asks again by itself after 409', () => {
    const bench = new Bench().open();
    bench.tell({ type: 'answer', of: 'media', status: 409, retryAfterMs: 5000 });
    expect(bench.phase).toBe('waiting');
    expect(bench.pass(4999)).toEqual([]);
    expect(bench.pass(1)).toEqual(['start-media']);
  });

  it('stays quiet once the socket said "ready", and starts the moment it says "live"', () => {
    const bench = new Bench().open();
    bench.tell({ type: 'answer', of: 'media', status: 409, retryAfterMs: 5000 });
    bench.tell({ type: 'session', session: 'ready' });
    expect(bench.phase).toBe('waiting');
    expect(bench.pass(60_000)).toEqual([]);
    expect(bench.tell({ type: 'session', session: 'live' })).toEqual(['start-media']);
    expect(bench.phase).toBe('connecting');
  });
});

describe('playing', () => {
  it('plays from the first frame on', () => {
    const bench = new Bench().play();
    expect(bench.phase).toBe('playing');
    frames(bench, 10_000);
    expect(bench.phase).toBe('playing');
  });

  it('looks for the picture again after three seconds without a frame', () => {
    const bench = new Bench().play();
    frames(bench, 6000);
    expect(bench.pass(limits.noFramesMs - 34)).toEqual([]);
    expect(bench.pass(34)).toEqual(['stop-media']);
    expect(bench.phase).toBe('retrying');
    expect(bench.pass(limits.backoffFirstMs)).toEqual(['start-media']);
  });

  it('gives a new connection longer for its first frame', () => {
    const bench = new Bench().open();
    bench.tell({ type: 'answer', of: 'media', status: 201 });
    expect(bench.pass(limits.firstFrameMs - 1)).toEqual([]);
    expect(bench.pass(1)).toEqual(['stop-media']);
  });

  it('bears a short break of the path, not a long one', () => {
    const bench = new Bench().play();
    bench.tell({ type: 'ice', state: 'disconnected' });
    bench.pass(2000);
    bench.tell({ type: 'ice', state: 'connected' });
    bench.tell({ type: 'frame' });
    frames(bench, 4000);
    bench.tell({ type: 'ice', state: 'disconnected' });
    expect(bench.pass(2999)).toEqual([]);
    expect(bench.pass(1)).toEqual(['stop-media']);
  });

  it('answers a failed path at once', () => {
    const bench = new Bench().play();
    expect(bench.tell({ type: 'ice', state: 'failed' })).toEqual(['stop-media']);
  });

  it('waits longer each time for a link that breaks at once, and starts small again after a steady one', () => {
    const bench = new Bench().play();
    const waits: number[] = [];
    for (let i = 0; i < 4; ++i) {
      bench.tell({ type: 'ice', state: 'failed' });
      const from = bench.now;
      while (bench.pass(100).length === 0);
      waits.push(bench.now - from);
      bench.tell({ type: 'answer', of: 'media', status: 201 });
      bench.tell({ type: 'frame' });
    }
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    frames(bench, limits.steadyMs + 100);
    bench.tell({ type: 'ice', state: 'failed' });
    expect(bench.pass(499)).toEqual([]);
    expect(bench.pass(1)).toEqual(['start-media']);
  });

  it('misses frames also while snapshots go on coming', () => {
    const bench = new Bench().play();
    for (let i = 0; i < 2; ++i) {
      expect(bench.pass(1000)).toEqual([]);
      bench.tell({ type: 'session', session: 'live' });
    }
    expect(bench.pass(1000)).toEqual(['stop-media']);
  });

  it('misses no frames in a pause, and watches again after it', () => {
    const bench = new Bench().play();
    bench.tell({ type: 'session', session: 'paused' });
    expect(bench.phase).toBe('paused');
    expect(bench.pass(60_000)).toEqual([]);
    bench.tell({ type: 'session', session: 'live' });
    expect(bench.phase).toBe('playing');
    expect(bench.pass(2999)).toEqual([]);
    expect(bench.pass(1)).toEqual(['stop-media']);
  });

  it('ignores the reports of a connection that is gone', () => {
    const bench = new Bench().play();
    bench.tell({ type: 'ice', state: 'failed' });
    expect(bench.tell({ type: 'frame' })).toEqual([]);
    expect(bench.tell({ type: 'ice', state: 'failed' })).toEqual([]);
    expect(bench.phase).toBe('retrying');
  });
});

describe('the socket', () => {
  it('comes back by itself while the picture goes on', () => {
    const bench = new Bench().play();
    bench.tell({ type: 'socket-closed', code: 1006 });
    expect(bench.phase).toBe('playing');
    expect(bench.pass(limits.backoffFirstMs)).toEqual(['open-socket']);
  });

  it('4401 for a late hello leaves the picture alone and opens the socket again', () => {
    const late = new Bench().play();
    expect(late.tell({ type: 'socket-closed', code: 4401 })).toEqual(['fetch-show']);
    expect(late.phase).toBe('playing');
    expect(late.tell({ type: 'answer', of: 'show', status: 200 })).toEqual(['open-socket']);
    expect(late.phase).toBe('playing');
    // A server that takes no hello at all is asked less and less often.
    late.tell({ type: 'socket-closed', code: 4401 });
    late.tell({ type: 'answer', of: 'show', status: 200 });
    expect(late.tell({ type: 'socket-closed', code: 4401 })).toEqual([]);
    expect(late.pass(limits.backoffFirstMs)).toEqual(['open-socket']);
    expect(late.phase).toBe('playing');
  });

  it('4401 with a session that no longer counts changes it for a new one beside the picture, 4403 shuts the door', () => {
    const stale = new Bench().play();
    expect(stale.tell({ type: 'socket-closed', code: 4401 })).toEqual(['fetch-show']);
    expect(stale.tell({ type: 'answer', of: 'show', status: 401 })).toEqual(['join']);
    expect(stale.phase).toBe('playing');
    expect(stale.tell({ type: 'answer', of: 'join', status: 503 })).toEqual([]);
    stale.tell({ type: 'frame' });
    expect(stale.phase).toBe('playing');
    expect(stale.pass(limits.backoffFirstMs)).toEqual(['join']);
    expect(stale.tell({ type: 'answer', of: 'join', status: 403 })).toEqual(['stop-media']);
    expect(stale.phase).toBe('refused');
    const revoked = new Bench().play();
    expect(revoked.tell({ type: 'socket-closed', code: 4403 })).toEqual(['stop-media']);
    expect(revoked.phase).toBe('refused');
    expect(revoked.pass(3_600_000)).toEqual([]);
  });

  it('ended is the end', () => {
    const bench = new Bench().play();
    expect(bench.tell({ type: 'session', session: 'ended' })).toEqual(['stop-media']);
    bench.tell({ type: 'socket-closed', code: 1000 });
    expect(bench.phase).toBe('ended');
    expect(bench.pass(3_600_000)).toEqual([]);
  });
});

describe('the device', () => {
  it('offline shows only when there is no picture, and coming back tries at once', () => {
    const bench = new Bench().play();
    bench.tell({ type: 'network', online: false });
    expect(bench.phase).toBe('playing');
    bench.tell({ type: 'ice', state: 'failed' });
    expect(bench.phase).toBe('offline');
    expect(bench.tell({ type: 'network', online: true })).toEqual(['start-media']);
  });

  it('unsupported is said, and can be tried again', () => {
    const bench = new Bench().open();
    bench.tell({ type: 'unsupported' });
    expect(bench.phase).toBe('unsupported');
    expect(bench.pass(60_000)).toEqual([]);
    expect(bench.tell({ type: 'again' })).toEqual(['close-socket', 'fetch-show']);
  });

  it('a server without our codec is unsupported too', () => {
    const bench = new Bench().open();
    bench.tell({ type: 'answer', of: 'media', status: 422 });
    expect(bench.phase).toBe('unsupported');
  });

  it('hangs up when the page is left and starts again when it comes back', () => {
    const bench = new Bench().play();
    expect(bench.tell({ type: 'leave' })).toEqual(['stop-media', 'close-socket']);
    expect(bench.pass(60_000)).toEqual([]);
    expect(bench.tell({ type: 'again' })).toEqual(['fetch-show']);
  });
});
