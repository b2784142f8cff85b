// The body of a trickle PATCH (RFC 8840, application/trickle-ice-sdpfrag): the session's ICE credentials and candidates, under the media
// section they were gathered for (with max-bundle always the first).

export interface TrickledCandidate {
  candidate: string; // "candidate:…", as in RTCIceCandidate
  sdpMid: string | null;
}

/** Null when the offer has no ICE credentials or media section to speak of. */
export function sdpFragment(offer: string, candidates: TrickledCandidate[], complete: boolean): string | null {
  const line = (pattern: RegExp): string | null => pattern.exec(offer)?.[0] ?? null;
  const ufrag = line(/^a=ice-ufrag:\S+/m);
  const password = line(/^a=ice-pwd:\S+/m);
  const kind = /^m=(audio|video) /m.exec(offer)?.[1];
  const firstMid = /^a=mid:(\S+)/m.exec(offer)?.[1];
  if (!ufrag || !password || !kind || firstMid === undefined) return null;
  const lines = [ufrag, password, `m=${kind} 9 UDP/TLS/RTP/SAVPF 0`, `a=mid:${firstMid}`];
  for (const { candidate, sdpMid } of candidates) {
    if (candidate && (sdpMid ?? firstMid) === firstMid) lines.push(`a=${candidate}`);
  }
  if (complete) lines.push('a=end-of-candidates');
  return lines.map((each) => `${each}\r\n`).join('');
}
