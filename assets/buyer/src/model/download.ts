// Fetches a model. The announced size counts before a byte is read, the counted one while they come: a server or a proxy that sends more is
// cut off, so memory stays bounded whatever arrives.

import { caps, type GlbProblem } from './glb';

export type DownloadProblem = GlbProblem | 'offline' | 'refused';

export async function download(
  url: string,
  announced: number,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array | DownloadProblem> {
  if (announced > caps.bytes) return 'large';
  let response: Response;
  try {
    response = await fetch(url, { cache: 'no-cache', credentials: 'same-origin', signal });
  } catch {
    return 'offline';
  }
  if (!response.ok || !response.body) return 'refused';
  return read(response.body, announced, progress).catch((): DownloadProblem => 'offline');
}

export async function read(
  body: ReadableStream<Uint8Array>,
  announced: number,
  progress: (share: number) => void,
): Promise<Uint8Array | DownloadProblem> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > caps.bytes) {
      await reader.cancel();
      return 'large';
    }
    pieces.push(value);
    if (announced > 0) progress(Math.min(length / announced, 1));
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
