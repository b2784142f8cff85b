import { describe, expect, it } from 'vitest';
import { retryAfter } from '../src/link/api';
import { preferH264 } from '../src/link/codecs';
import { takeInvite } from '../src/link/pass';
import { sdpFragment } from '../src/link/sdp_fragment';
import { readMessage, readShow } from '../src/wire/show';

describe('sdpFragment', () => {
  const offer = [
    'v=0', 'a=group:BUNDLE 0 1', 'm=video 9 UDP/TLS/RTP/SAVPF 102', 'a=ice-ufrag:aB+/', 'a=ice-pwd:secretsecretsecretsecr', 'a=mid:0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:1', '',
  ].join('\r\n');

  it('holds credentials, the first section and its candidates', () => {
    const candidates = [
      { candidate: 'candidate:1 1 udp 2113937151 192.0.2.2 40000 typ host', sdpMid: '0' },
      { candidate: 'candidate:1 1 udp 2113937151 192.0.2.2 40000 typ host', sdpMid: '1' },
    ];
    expect(sdpFragment(offer, candidates, true)).toBe(
      [
        'a=ice-ufrag:aB+/', 'a=ice-pwd:secretsecretsecretsecr', 'm=video 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0',
        'a=candidate:1 1 udp 2113937151 192.0.2.2 40000 typ host', 'a=end-of-candidates', '',
      ].join('\r\n'),
    );
  });

  it('is nothing for an offer without ICE', () => expect(sdpFragment('v=0\r\n', [], true)).toBeNull());
});

describe('preferH264', () => {
  it('puts H.264 first, packetization mode 1 before 0, and keeps the rest in order', () => {
    const codecs = [
      { mimeType: 'video/VP8' },
      { mimeType: 'video/rtx' },
      { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=0;profile-level-id=42001f' },
      { mimeType: 'video/H264', sdpFmtpLine: 'packetization-mode=1;profile-level-id=42e01f' },
      { mimeType: 'video/red' },
    ];
    expect(preferH264(codecs)?.map((codec) => codecs.indexOf(codec))).toEqual([3, 2, 0, 1, 4]);
  });

  it('says when there is none', () => expect(preferH264([{ mimeType: 'video/VP8' }])).toBeNull());
});

describe('retryAfter', () => {
  it.each([
    ['5', 5000],
    [' 0 ', 0],
    ['86400', 60_000],
    ['Sun, 06 Nov 1994 08:49:47 GMT', 10_000],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('%s', (header, ms) => expect(retryAfter(header, Date.UTC(1994, 10, 6, 8, 49, 37))).toBe(ms));
});

describe('takeInvite', () => {
  const visit = (pathname: string, hash: string, search = ''): { invite: ReturnType<typeof takeInvite>; shown: string } => {
    let shown = pathname + search + hash;
    const history = { state: null, replaceState: (_: unknown, __: string, url: string) => (shown = url) };
    return { invite: takeInvite({ pathname, hash, search } as Location, history as unknown as History), shown };
  };

  it('takes the secret and takes it out of the address', () => {
    expect(visit('/j/a1B2', '#deadbeef', '?lang=zh')).toEqual({ invite: { id: 'a1B2', secret: 'deadbeef' }, shown: '/j/a1B2?lang=zh' });
  });

  it('is nothing without invite or secret', () => {
    expect(visit('/', '').invite).toBeNull();
    expect(visit('/j/a1B2', '').invite).toBeNull();
    expect(visit('/j/../x', '#s').invite).toBeNull();
  });
});

describe('readShow', () => {
  it('refuses what is no object and bears what is incomplete', () => {
    for (const raw of [null, 7, 'x', []]) expect(readShow(raw)).toBeNull();
    const show = readShow({ products: [{ id: 'A', prices: [{ min: 20, unit: 1 }, { min: 10, unit: 2 }], image: 'https://elsewhere/x' }, 5] })!;
    expect(show.program).toEqual({ width: 1280, height: 720, fps: 30 });
    expect(show.products).toHaveLength(1);
    expect(show.products[0]).toMatchObject({ id: 'A', image: null, description: null, specs: [], callouts: [] });
    expect(show.products[0]!.prices.map(({ min }) => min)).toEqual([10, 20]);
  });

  it('takes terms in the languages they are written in', () => {
    const lead = (raw: unknown) => readShow({ products: [{ id: 'A', lead_time: raw }] })!.products[0]!.leadTime;
    expect(lead({ en: '30 days', zh: '30 天', es: 30 })).toEqual({ en: '30 days', zh: '30 天' });
    expect(lead(null)).toBeNull();
  });
});

describe('readMessage', () => {
  it('reads what the server says', () => {
    const message = readMessage(
      '{"type":"snapshot","version":3,"edition":2,"safe":true,"session":"live","pinned":"A","card":false,"hidden_callouts":["A/0"],"viewers":2,"time_us":5}',
    );
    expect(message).toEqual({
      type: 'snapshot',
      snapshot: { version: 3, edition: 2, safe: true, session: 'live', pinned: 'A', card: false, badges: true, specs: false, speaker: '', hiddenCallouts: new Set(['A/0']), models: new Map(), variants: new Map(), viewers: 2, scene: '', ticker: false, recording: 'off' },
      timeUs: 5,
    });
    expect(readMessage('{"type":"ended","reason":"over"}')).toEqual({ type: 'ended' });
    expect(readMessage('{"type":"scene","rtp":4294967295,"cbor":"oA=="}')).toEqual({ type: 'scene', rtp: 4294967295, cbor: 'oA==' });
  });

  it('passes over what it does not know', () => {
    for (const text of ['', 'null', '[]', '{', '{"type":"snapshot","session":"asleep"}', '{"type":"new"}']) {
      expect(readMessage(text)).toBeNull();
    }
  });
});
