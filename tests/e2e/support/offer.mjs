// An offer as a browser writes it, for programs that have no WebRTC.

import {randomBytes} from 'node:crypto';

const word = (n) => randomBytes(n).toString('hex').slice(0, n);

/// candidates: whole lines, "a=candidate:…".
export function offer({candidates = []} = {}) {
    const transport = ['c=IN IP4 0.0.0.0', `a=ice-ufrag:${word(4)}`, `a=ice-pwd:${word(24)}`, 'a=ice-options:trickle',
        `a=fingerprint:sha-256 ${[...randomBytes(32)].map((b) => b.toString(16).padStart(2, '0').toUpperCase()).join(':')}`, 'a=setup:actpass', 'a=recvonly', 'a=rtcp-mux'];
    return ['v=0', 'o=- 4611731400430051336 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1',
        'm=video 9 UDP/TLS/RTP/SAVPF 102 103', ...transport, 'a=mid:0', 'a=rtpmap:102 H264/90000', 'a=rtcp-fb:102 nack', 'a=rtcp-fb:102 nack pli',
        'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f', 'a=rtpmap:103 rtx/90000', 'a=fmtp:103 apt=102', ...candidates,
        'm=audio 9 UDP/TLS/RTP/SAVPF 111', ...transport, 'a=mid:1', 'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', ''].join('\r\n');
}

/// POST /whep as a program that has come in by a link.
export const post_offer = (buyer, ask, sdp) => ask(`${buyer.origin}/whep`, {method: 'POST', from: buyer.from, headers: {...buyer.headers, 'Content-Type': 'application/sdp'}, body: sdp});
