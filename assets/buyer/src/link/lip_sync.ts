// Sound and picture in step, at the least delay. A browser that plays both from one stream holds the picture to the sound, for as long as the page is
// open, also for who hears nothing, and a sound's buffer only grows. So they are two streams here: muted, the picture waits for nothing; with sound it
// is held so that the sound comes just behind it, which the answer's clocks (RFC 7273) and the browser's own figures tell.

/** Of each stream, the RTP time of the show's time 0. */
export interface Clocks {
  video: number;
  audio: number;
}

interface Delayed {
  jitterBufferTarget?: number | null;
  playoutDelayHint?: number;
}

interface Totals {
  seconds: number;
  count: number;
}

/**
 * Sound a little behind its picture is how the world sounds (ITU-R BT.1359: noticed from 125 ms on, ahead of it from 45), so the picture need not wait
 * for all of it, and nobody waits while it is only a little early or late. Both move in steps, of a refresh and of a packet: a picture that is held
 * is let go only when more than a step is to be won.
 */
const aimMs = 30;
const lateMs = 38;
const heldTooLongMs = 14;
const earlyMs = -10;
const nearEnough = 8; // ms; a hold shorter than this is none
const strength = 0.7; // of what is measured once a second
const mostMs = 400;
const framesKept = 30;

/** Null unless both are told. */
export function clocksOf(sdp: string): Clocks | null {
  const found: Partial<Clocks> = {};
  for (const section of sdp.split(/^m=/m).slice(1)) {
    const offset = /^a=mediaclk:direct=(\d{1,10})\s*$/m.exec(section)?.[1];
    if (offset && section.startsWith('video')) found.video = Number(offset);
    if (offset && section.startsWith('audio')) found.audio = Number(offset);
  }
  return found.video !== undefined && found.audio !== undefined ? { video: found.video, audio: found.audio } : null;
}

/** The same answer with the sound in a stream of its own. */
export function apart(sdp: string): string {
  return sdp.replace(/^m=audio[^]*?(?=^m=|$(?![^]))/m, (section) => section.replace(/^a=msid:(\S+)/m, 'a=msid:$1-sound'));
}

/** Whether this browser can be told how long to hold the picture, and tells what is heard. */
export const canSynchronise = (): boolean =>
  'RTCRtpReceiver' in window && 'jitterBufferTarget' in RTCRtpReceiver.prototype && 'getSynchronizationSources' in RTCRtpReceiver.prototype;

/** ms between a moment and the show time that an RTP time stands for, by its rate in kHz. */
export const lagOf = (atMs: number, rtp: number, offset: number, rate: number): number => atMs - ((rtp - offset) >>> 0) / rate;

/** How much more the sound lags. Each lag is known but for whole turns of its RTP time, and those of both are multiples of 2^32 / 720 ms (1.7 h). */
export function lagsApart(soundMs: number, pictureMs: number): number {
  const turn = 2 ** 32 / 720;
  const apart = soundMs - pictureMs;
  return apart - Math.round(apart / turn) * turn;
}

export class LipSync {
  private readonly video: RTCRtpReceiver;
  private readonly audio: RTCRtpReceiver;
  private readonly clocks: Clocks;
  private lags: number[] = []; // of the last pictures: shown minus show time, ms
  private held: Totals = { seconds: 0, count: 0 };
  private heldSound: Totals = { seconds: 0, count: 0 };
  private pictureHold = 0;
  private soundHold = 0;
  private out: Totals = { seconds: 0, count: 0 };
  private playoutMs = 0;
  /** How much later than its picture the sound is heard, ms; null while that is not known. */
  soundAfterMs: number | null = null;

  constructor(video: RTCRtpReceiver, audio: RTCRtpReceiver, clocks: Clocks) {
    this.video = video;
    this.audio = audio;
    this.clocks = clocks;
  }

  /** For every displayed picture; `displayAt`: performance.now() scale. */
  shown(rtp: number, displayAt: number): void {
    const lag = lagOf(displayAt, rtp, this.clocks.video, 90);
    if (Math.abs(lag - (this.lags.at(-1) ?? lag)) > 60_000) this.lags = []; // RTP time has wrapped
    this.lags.push(lag);
    if (this.lags.length > framesKept) this.lags.shift();
  }

  /** Once a second. */
  tick(report: RTCStatsReport, audible: boolean): void {
    const waited = this.read(report);
    const picture = [...this.lags].sort((a, b) => a - b)[this.lags.length >> 1];
    const heard = this.audio.getSynchronizationSources()[0];
    this.soundAfterMs = null;
    if (picture !== undefined && heard) {
      const at = heard.timestamp - performance.timeOrigin + this.playoutMs;
      this.soundAfterMs = lagsApart(lagOf(at, heard.rtpTimestamp, this.clocks.audio, 48), picture);
    }
    if (!audible) return this.holdBoth(0, 0);
    if (this.soundAfterMs === null || !waited) return;
    const after = this.soundAfterMs;
    if (Math.abs(after) > 3000) return;
    if (this.soundHold > 0) {
      if (after > heldTooLongMs + nearEnough) this.holdBoth(0, 0);
      else if (after < earlyMs) this.holdBoth(0, Math.max(this.soundHold, waited.sound) - strength * after);
      else return;
    } else if (after > lateMs || (this.pictureHold > 0 && after < heldTooLongMs)) {
      // What is asked for includes decoding and drawing, which are not in what has been waited: so it adds up until it shows.
      this.holdBoth(Math.max(this.pictureHold, waited.picture) + strength * (after - aimMs), 0);
    } else if (after < earlyMs) {
      this.holdBoth(0, waited.sound - strength * after);
    } else return;
    this.lags = []; // of pictures that were held differently
  }

  private holdBoth(picture: number, sound: number): void {
    const within = (ms: number): number => (ms < nearEnough ? 0 : Math.min(ms, mostMs));
    hold(this.video, (this.pictureHold = within(picture)));
    hold(this.audio, (this.soundHold = within(sound)));
  }

  /** How long pictures and sound waited in the last second (ms), null when either had none; also takes over how long sound is on its way out. */
  private read(report: RTCStatsReport): { picture: number; sound: number } | null {
    const waited = { picture: null as number | null, sound: null as number | null };
    const since = (now: Totals, before: Totals): number | null => (now.count > before.count ? (1000 * (now.seconds - before.seconds)) / (now.count - before.count) : null);
    report.forEach((entry: Record<string, unknown>) => {
      const totals = (seconds: string, count: string): Totals => ({ seconds: Number(entry[seconds] ?? 0), count: Number(entry[count] ?? 0) });
      if (entry['type'] === 'inbound-rtp' && entry['kind'] === 'video') {
        const now = totals('jitterBufferDelay', 'jitterBufferEmittedCount');
        waited.picture = since(now, this.held);
        this.held = now;
      } else if (entry['type'] === 'inbound-rtp') {
        const now = totals('jitterBufferDelay', 'jitterBufferEmittedCount');
        waited.sound = since(now, this.heldSound);
        this.heldSound = now;
      } else if (entry['type'] === 'media-playout') {
        const now = totals('totalPlayoutDelay', 'totalSamplesCount');
        this.playoutMs = since(now, this.out) ?? this.playoutMs;
        this.out = now;
      }
    });
    const { picture, sound } = waited;
    return picture === null || sound === null ? null : { picture, sound };
  }
}

/** ms; 0: as short as it can be. */
export function hold(receiver: RTCRtpReceiver, ms: number): void {
  const delayed = receiver as RTCRtpReceiver & Delayed;
  if ('jitterBufferTarget' in receiver) delayed.jitterBufferTarget = Math.round(ms);
  else if ('playoutDelayHint' in receiver) delayed.playoutDelayHint = ms / 1000;
}
