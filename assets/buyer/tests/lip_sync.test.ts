import { describe, expect, it } from 'vitest';
import { apart, clocksOf, lagOf, lagsApart, LipSync } from '../src/link/lip_sync';

const answer = (first: string, second: string): string => `v=0\r\na=group:BUNDLE 0 1\r\n${first}${second}`;
const video = 'm=video 9 UDP/TLS/RTP/SAVPF 109\r\na=mid:0\r\na=msid:vitrine vitrine-0\r\na=ts-refclk:private\r\na=mediaclk:direct=4294967295\r\n';
const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=msid:vitrine vitrine-1\r\na=ts-refclk:private\r\na=mediaclk:direct=7\r\n';

describe('lip sync', () => {
  it('reads both clocks, whichever comes first, or neither', () => {
    expect(clocksOf(answer(video, audio))).toEqual({ video: 4294967295, audio: 7 });
    expect(clocksOf(answer(audio, video))).toEqual({ video: 4294967295, audio: 7 });
    expect(clocksOf(answer(video, audio.replace('direct=7', 'sender')))).toBeNull();
    expect(clocksOf(video)).toBeNull();
  });

  it('puts the sound, and nothing else, into a stream of its own', () => {
    for (const sdp of [answer(video, audio), answer(audio, video)]) {
      expect(apart(sdp)).toBe(sdp.replace('a=msid:vitrine vitrine-1', 'a=msid:vitrine-sound vitrine-1'));
    }
    expect(apart(video)).toBe(video);
  });

  it('tells how much later the sound is, also when either RTP time has wrapped', () => {
    const hours = 3_600_000;
    for (const showMs of [500, 13.2 * hours, 13.4 * hours, 24.8 * hours, 24.9 * hours, 100 * hours]) {
      const rtp = (ms: number, rate: number, offset: number): number => (Math.round(ms * rate) + offset) % 2 ** 32;
      const picture = lagOf(1_000_040, rtp(showMs, 90, 4294967295), 4294967295, 90);
      const sound = lagOf(1_000_100, rtp(showMs + 20, 48, 7), 7, 48);
      expect(lagsApart(sound, picture)).toBeCloseTo(40, 1);
    }
  });
});

/** A browser: each stream waits at least `own` ms in its buffer, longer when it is told to; the picture goes up with a refresh, sound in packets. */
function browser({ pictureMs, soundMs }: { pictureMs: number; soundMs: number }) {
  const asked = { video: 0, audio: 0 };
  const totals = { video: 0, audio: 0, count: 0 };
  const receiver = (kind: 'video' | 'audio') => ({
    set jitterBufferTarget(ms: number) { asked[kind] = ms; },
    getSynchronizationSources: () => [{ timestamp: performance.timeOrigin + now + soundLag(), rtpTimestamp: now * 48 }],
  }) as unknown as RTCRtpReceiver;
  let now = 1000;
  const own = { video: 12, audio: 40 }; // in the buffer; of what is asked for, 18 ms are for decoding and drawing
  const pictureLag = () => Math.ceil((pictureMs + Math.max(0, asked.video - 18 - own.video)) / (1000 / 60)) * (1000 / 60);
  const soundLag = () => soundMs + Math.ceil(Math.max(0, asked.audio - own.audio) / 20) * 20;
  const lips = new LipSync(receiver('video'), receiver('audio'), { video: 0, audio: 0 });
  const second = () => {
    for (let i = 0; i < 30; ++i) lips.shown((now + (i * 1000) / 30) * 90, now + (i * 1000) / 30 + pictureLag());
    now += 1000;
    totals.count += 1;
    totals.video += Math.max(own.video, asked.video - 18) / 1000;
    totals.audio += Math.max(own.audio, asked.audio) / 1000;
    const entry = (kind: 'video' | 'audio') => ({ type: 'inbound-rtp', kind, jitterBufferDelay: totals[kind], jitterBufferEmittedCount: totals.count });
    lips.tick(new Map([['v', entry('video')], ['a', entry('audio')]]) as unknown as RTCStatsReport, true);
    return { after: soundLag() - pictureLag(), asked: { ...asked }, picture: pictureLag() };
  };
  return Array.from({ length: 30 }, second);
}

describe('who waits for whom', () => {
  it.each([[50, 50], [50, 70], [50, 80], [66, 64]])('nobody, picture %i ms and sound %i ms old', (pictureMs, soundMs) => {
    expect(browser({ pictureMs, soundMs }).every(({ asked }) => asked.video === 0 && asked.audio === 0)).toBe(true);
  });

  it.each([[50, 116], [50, 130], [34, 116], [50, 250], [50, 400]])('the picture, %i ms old, for a sound of %i ms; once settled it stays', (pictureMs, soundMs) => {
    const settled = browser({ pictureMs, soundMs }).slice(10);
    for (const { after, asked } of settled) {
      expect(after).toBeGreaterThan(-10);
      expect(after).toBeLessThanOrEqual(45);
      expect(asked.audio).toBe(0);
      expect(asked).toEqual(settled[0]!.asked);
    }
  });

  it.each([[150, 90], [250, 60]])('the sound, %2$i ms old, for a picture of %1$i ms', (pictureMs, soundMs) => {
    const settled = browser({ pictureMs, soundMs }).slice(10);
    for (const { after, asked } of settled) {
      expect(Math.abs(after)).toBeLessThanOrEqual(45);
      expect(asked).toEqual(settled[0]!.asked);
    }
  });
});
