// Only H.264 carries our scene frames, so it stands first; what the browser needs beside it (RTX, FEC) keeps its order behind.

export interface Codec {
  mimeType: string;
  sdpFmtpLine?: string;
}

/** Packetization mode 1 before 0; null when the browser has no H.264. */
export function preferH264<T extends Codec>(codecs: readonly T[]): T[] | null {
  const rank = (codec: T): number => {
    if (codec.mimeType.toLowerCase() !== 'video/h264') return 2;
    return codec.sdpFmtpLine?.includes('packetization-mode=1') ? 0 : 1;
  };
  if (!codecs.some((codec) => rank(codec) < 2)) return null;
  return codecs
    .map((codec, i) => ({ codec, i }))
    .sort((a, b) => rank(a.codec) - rank(b.codec) || a.i - b.i)
    .map(({ codec }) => codec);
}
