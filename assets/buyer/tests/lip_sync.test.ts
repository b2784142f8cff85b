import { describe, expect, it } from 'vitest';
import { apart, clocksOf, lagOf, lagsApart } from '../src/link/lip_sync';

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
