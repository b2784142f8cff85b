// The few numbers taken from RTCPeerConnection.getStats().

import type { Reception } from './meter';

interface Inbound {
  type: string;
  kind?: string;
  framesDecoded?: number;
  packetsReceived?: number;
  packetsLost?: number;
  freezeCount?: number;
  nackCount?: number;
}

export function receptionOf(report: RTCStatsReport): Reception | null {
  let found: Inbound | null = null;
  report.forEach((entry: Inbound) => {
    if (entry.type === 'inbound-rtp' && entry.kind === 'video') found = entry;
  });
  const inbound = found as Inbound | null;
  return inbound && {
    framesDecoded: inbound.framesDecoded ?? 0,
    packetsReceived: inbound.packetsReceived ?? 0,
    packetsLost: inbound.packetsLost ?? 0,
    freezes: inbound.freezeCount ?? 0,
    asked: inbound.nackCount ?? 0,
  };
}
