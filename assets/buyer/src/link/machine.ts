// The life of a buyer's connection as a pure function: (state, event, now) -> state and what to do. It owns every decision to wait, try
// again or give up; the adapters (link/link.ts) only do what it says and report what happened. Two parts live side by side,
// the socket and the media, because losing one is no reason to drop the other.
//
// Time: `now` in ms from any steady clock. wakeAt() says when a 'tick' is due.

export type Session = 'idle' | 'ready' | 'live' | 'paused' | 'ended';

export type Phase =
  | 'joining'
  | 'waiting' // the show has not started
  | 'connecting'
  | 'playing'
  | 'retrying' // the picture was there, or the server was, and is being looked for again
  | 'paused'
  | 'ended'
  | 'refused' // the invite opens nothing (any more)
  | 'elsewhere' // it is open on as many devices as it is for
  | 'moved' // this device was signed off for another
  | 'full' // all places of an open link, or of the show, are taken
  | 'unsupported'
  | 'offline';

export type Effect = 'join' | 'take-over' | 'fetch-show' | 'open-socket' | 'close-socket' | 'start-media' | 'stop-media';

export type LinkEvent =
  | { type: 'start'; hasSession: boolean } // a session may be there: it is tried before the invite
  | { type: 'answer'; of: 'join' | 'show' | 'media'; status: number; retryAfterMs?: number; elsewhere?: boolean } // status 0: no answer at all
  | { type: 'socket-open' }
  | { type: 'socket-closed'; code: number }
  | { type: 'session'; session: Session }
  | { type: 'ice'; state: 'connected' | 'disconnected' | 'failed' }
  | { type: 'frame' } // a frame was decoded
  | { type: 'unsupported' }
  | { type: 'network'; online: boolean }
  | { type: 'again' } // the buyer asks to try again
  | { type: 'take-over' } // and that another device gives way
  | { type: 'leave' } // the page is put away
  | { type: 'tick' };

type Shut = 'refused' | 'elsewhere' | 'moved' | 'full';
type Door = 'closed' | 'joining' | 'fetching' | 'open' | Shut;
type Media = 'off' | 'asking' | 'connecting' | 'on';
type Socket = 'off' | 'opening' | 'open';

export interface State {
  door: Door;
  media: Media;
  socket: Socket;
  session: Session | null; // null: not told yet
  supported: boolean;
  online: boolean;
  hadPicture: boolean;
  waitingRoom: boolean; // the server said 409
  rejoins: number; // sessions refused in a row
  tries: { door: number; media: number; socket: number };
  /** When to act again; null: nothing planned. */
  due: { door: number | null; media: number | null; socket: number | null };
  mediaSince: number; // when the media part last asked
  lastFrame: number | null;
  steadySince: number | null; // first frame since the last break
  disconnectedSince: number | null;
}

export interface Step {
  state: State;
  effects: Effect[];
}

export const limits = {
  noFramesMs: 3000,
  firstFrameMs: 8000,
  disconnectedMs: 3000,
  steadyMs: 5000,
  backoffFirstMs: 500,
  backoffMostMs: 4000,
  waitingRoomMs: 2000,
};

export function initial(): State {
  return {
    door: 'closed',
    media: 'off',
    socket: 'off',
    session: null,
    supported: true,
    online: true,
    hadPicture: false,
    waitingRoom: false,
    rejoins: 0,
    tries: { door: 0, media: 0, socket: 0 },
    due: { door: null, media: null, socket: null },
    mediaSince: 0,
    lastFrame: null,
    steadySince: null,
    disconnectedSince: null,
  };
}

export function phase(state: State): Phase {
  if (isShut(state.door)) return state.door;
  if (state.session === 'ended') return 'ended';
  if (!state.supported) return 'unsupported';
  if (!state.online && state.media !== 'on') return 'offline';
  // A door that is looked at again while the picture runs is no matter of the buyer's.
  if (state.door !== 'open' && state.media !== 'on') return state.tries.door > 0 ? 'retrying' : 'joining';
  if (state.session === 'idle' || state.session === 'ready') return 'waiting';
  if (state.session === 'paused') return 'paused';
  if (state.media === 'on') return 'playing';
  if (state.waitingRoom && state.session === null) return 'waiting';
  return state.hadPicture || state.tries.media > 0 ? 'retrying' : 'connecting';
}

const isShut = (door: Door): door is Shut => door === 'refused' || door === 'elsewhere' || door === 'moved' || door === 'full';

/** When the next 'tick' is due, or null. */
export function wakeAt(state: State): number | null {
  const times = [state.due.door, state.due.media, state.due.socket, mediaDeadline(state)].filter(
    (at): at is number => at !== null,
  );
  return times.length > 0 ? Math.min(...times) : null;
}

/** `random` in 0…1 spreads the returns of many buyers after one fault. */
export function step(before: State, event: LinkEvent, now: number, random: () => number = Math.random): Step {
  const state: State = { ...before, tries: { ...before.tries }, due: { ...before.due } };
  const effects: Effect[] = [];
  const machine = new Machine(state, effects, now, random);
  machine.on(event);
  return { state, effects };
}

function mediaDeadline(state: State): number | null {
  const times: number[] = [];
  if (state.disconnectedSince !== null) times.push(state.disconnectedSince + limits.disconnectedMs);
  if (state.media === 'connecting') times.push(state.mediaSince + limits.firstFrameMs);
  if (state.media === 'on' && state.session !== 'paused' && state.lastFrame !== null)
    times.push(state.lastFrame + limits.noFramesMs);
  return times.length > 0 ? Math.min(...times) : null;
}

class Machine {
  private readonly s: State;
  private readonly effects: Effect[];
  private readonly now: number;
  private readonly random: () => number;

  constructor(state: State, effects: Effect[], now: number, random: () => number) {
    this.s = state;
    this.effects = effects;
    this.now = now;
    this.random = random;
  }

  on(event: LinkEvent): void {
    switch (event.type) {
      case 'start':
        return this.enter(event.hasSession);
      case 'answer':
        if (event.of === 'media') return this.mediaAnswer(event.status, event.retryAfterMs);
        return this.doorAnswer(event.of, event.status, event.retryAfterMs, event.elsewhere);
      case 'socket-open':
        this.s.socket = 'open';
        return;
      case 'socket-closed':
        return this.socketClosed(event.code);
      case 'session':
        return this.told(event.session);
      case 'ice':
        return this.ice(event.state);
      case 'frame':
        return this.frame();
      case 'unsupported':
        this.s.supported = false;
        return this.mediaOff();
      case 'network':
        return this.network(event.online);
      case 'again':
        return this.again();
      case 'take-over':
        return this.takeOver();
      case 'leave':
        this.mediaOff();
        this.socketOff();
        this.s.door = 'closed';
        this.s.due.door = null;
        return;
      case 'tick':
        return this.tick();
    }
  }

  private enter(hasSession: boolean): void {
    this.s.door = hasSession ? 'fetching' : 'joining';
    this.s.due.door = null;
    this.effects.push(hasSession ? 'fetch-show' : 'join');
  }

  private doorAnswer(of: 'join' | 'show', status: number, retryAfterMs?: number, elsewhere?: boolean): void {
    if (this.s.door !== (of === 'join' ? 'joining' : 'fetching')) return; // left, or shut meanwhile
    if (status >= 200 && status < 300) {
      if (of === 'join') {
        this.s.door = 'fetching';
        this.effects.push('fetch-show');
        return;
      }
      this.s.door = 'open';
      this.s.tries.door = 0;
      if (this.s.socket === 'off') this.openSocket();
      if (this.s.media === 'off') this.askMedia();
    } else if (of === 'show' && status === 401) {
      this.rejoin();
    } else if (of === 'join' && status === 409) {
      this.shut(elsewhere ? 'elsewhere' : 'full');
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      this.refuse();
    } else {
      this.s.door = of === 'join' ? 'joining' : 'fetching';
      this.s.due.door = this.later('door', retryAfterMs);
    }
  }

  /**
   * A session that no longer counts is changed for a new one; when that one does not count either, the door is shut. The picture is left alone: the server ends
   * it itself when access has ended.
   */
  private rejoin(): void {
    this.socketOff();
    if (++this.s.rejoins > 2) return this.refuse();
    this.s.door = 'joining';
    this.s.due.door = null;
    this.effects.push('join');
  }

  private refuse(): void {
    this.shut('refused');
  }

  private shut(door: Shut): void {
    this.mediaOff();
    this.socketOff();
    this.s.door = door;
    this.s.due.door = null;
  }

  private openSocket(): void {
    this.s.socket = 'opening';
    this.s.due.socket = null;
    this.effects.push('open-socket');
  }

  private socketOff(): void {
    if (this.s.socket !== 'off') this.effects.push('close-socket');
    this.s.socket = 'off';
    this.s.due.socket = null;
  }

  private socketClosed(code: number): void {
    this.s.socket = 'off';
    if (this.s.door !== 'open' || this.s.session === 'ended') return;
    if (code === 4403) return this.refuse();
    if (code === 4409) return this.shut('moved');
    if (code === 4401 && this.s.rejoins < 2) return this.lookAgain();
    this.s.due.socket = this.later('socket');
  }

  /** The socket took no hello. It may have come too late from a busy device: whether the session still counts is what the show document's request tells. */
  private lookAgain(): void {
    this.s.rejoins += 1;
    this.s.door = 'fetching';
    this.s.due.door = null;
    this.effects.push('fetch-show');
  }

  private told(session: Session): void {
    const changed = this.s.session !== session;
    this.s.session = session;
    this.s.rejoins = 0;
    this.s.tries.socket = 0;
    if (session === 'live' || session === 'paused') {
      this.s.waitingRoom = false;
      // The watch starts anew after a pause; not with every snapshot, or a stream that died would never be missed.
      if (changed && this.s.lastFrame !== null) this.s.lastFrame = this.now;
      if (this.s.media === 'off' && (this.s.due.media === null || this.s.tries.media === 0)) this.askMedia();
      return;
    }
    this.mediaOff();
    this.s.tries.media = 0;
    if (session === 'ended') this.s.due.socket = null;
  }

  private askMedia(): void {
    if (!this.s.supported || this.s.door !== 'open') return;
    if (this.s.session !== null && this.s.session !== 'live' && this.s.session !== 'paused') return;
    this.s.media = 'asking';
    this.s.due.media = null;
    this.s.mediaSince = this.now;
    this.s.lastFrame = null;
    this.s.disconnectedSince = null;
    this.effects.push('start-media');
  }

  private mediaOff(): void {
    if (this.s.media !== 'off') this.effects.push('stop-media');
    this.s.media = 'off';
    this.s.due.media = null;
    this.s.disconnectedSince = null;
    this.s.steadySince = null;
  }

  private mediaAnswer(status: number, retryAfterMs?: number): void {
    if (this.s.media !== 'asking') return;
    if (status >= 200 && status < 300) {
      this.s.media = 'connecting';
      this.s.mediaSince = this.now;
      this.s.waitingRoom = false;
      return;
    }
    this.s.media = 'off';
    if (status === 401) return this.rejoin();
    if (status === 403) return this.refuse();
    if (status === 409) {
      this.s.waitingRoom = true;
      this.s.tries.media = 0;
      this.s.due.media = this.now + Math.max(retryAfterMs ?? 0, limits.waitingRoomMs);
    } else if (status === 415 || status === 422) {
      this.s.supported = false;
    } else {
      this.s.due.media = this.later('media', retryAfterMs);
    }
  }

  private ice(state: 'connected' | 'disconnected' | 'failed'): void {
    if (this.s.media !== 'connecting' && this.s.media !== 'on') return;
    if (state === 'failed') return this.mediaLost();
    this.s.disconnectedSince = state === 'connected' ? null : (this.s.disconnectedSince ?? this.now);
  }

  private mediaLost(): void {
    this.mediaOff();
    this.s.due.media = this.later('media');
  }

  private frame(): void {
    if (this.s.media !== 'connecting' && this.s.media !== 'on') return;
    this.s.media = 'on';
    this.s.hadPicture = true;
    this.s.lastFrame = this.now;
    this.s.steadySince ??= this.now;
    // A picture that lasts, not one that came, makes good the tries before it: a link that breaks at once must not be asked in a storm.
    if (this.now - this.s.steadySince >= limits.steadyMs) this.s.tries.media = 0;
  }

  private network(online: boolean): void {
    this.s.online = online;
    if (!online) return;
    for (const part of ['door', 'media', 'socket'] as const) {
      if (this.s.due[part] !== null) this.s.due[part] = this.now;
    }
    this.tick();
  }

  private again(): void {
    this.mediaOff();
    this.socketOff();
    Object.assign(this.s, { ...initial(), online: this.s.online, hadPicture: this.s.hadPicture });
    this.enter(true);
  }

  private takeOver(): void {
    if (this.s.door !== 'elsewhere' && this.s.door !== 'moved') return;
    Object.assign(this.s, { ...initial(), online: this.s.online, hadPicture: this.s.hadPicture, door: 'joining' });
    this.effects.push('take-over');
  }

  private tick(): void {
    const dueNow = (at: number | null): boolean => at !== null && at <= this.now;
    if (dueNow(this.s.due.door)) {
      this.s.due.door = null;
      this.effects.push(this.s.door === 'joining' ? 'join' : 'fetch-show');
    }
    if (dueNow(this.s.due.socket)) this.openSocket();
    if (dueNow(this.s.due.media)) {
      this.s.due.media = null;
      this.askMedia();
    }
    if (dueNow(mediaDeadline(this.s))) this.mediaLost();
  }

  /** Doubling from half a second to four, 80 to 120 % of it, and never before the server's Retry-After. */
  private later(part: 'door' | 'media' | 'socket', retryAfterMs = 0): number {
    const wait = Math.min(limits.backoffMostMs, limits.backoffFirstMs * 2 ** this.s.tries[part]);
    this.s.tries[part] += 1;
    return this.now + Math.max(retryAfterMs, wait * (0.8 + 0.4 * this.random()));
  }
}
