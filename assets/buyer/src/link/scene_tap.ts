// Where scene frames are taken out of the encoded stream: one worker for the page's life, one connection at a time. Three ways, best
// first: RTCRtpScriptTransform; createEncodedStreams (older Chromium); none, and then the socket has to bring them.

import workerUrl from '../wire/scene_worker?worker&url';
import type { Unit } from '../replay/ring';
import type { KeptNote, SceneNote, WorkerNote } from '../wire/scene_worker';

export type TapKind = 'script-transform' | 'encoded-streams' | 'socket';

interface LegacyReceiver {
  createEncodedStreams(): { readable: ReadableStream; writable: WritableStream };
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

export class SceneTap {
  readonly kind: TapKind;
  private readonly worker: Worker | null = null;
  private connection = 0;
  private asks = 0;
  private readonly waiting = new Map<number, (units: Unit[]) => void>();
  /** What the worker keeps for looking again. */
  kept: KeptNote['kept'] = { units: 0, bytes: 0, seconds: 0 };

  constructor(onNote: (note: SceneNote) => void) {
    this.kind = this.bestKind();
    if (this.kind === 'socket') return;
    try {
      this.worker = new Worker(trusted(workerUrl));
    } catch {
      this.kind = 'socket';
      return;
    }
    this.worker.onmessage = ({ data }: MessageEvent<WorkerNote>) => {
      if ('units' in data) {
        this.waiting.get(data.asked)?.(data.units);
        this.waiting.delete(data.asked);
      } else if ('kept' in data) {
        this.kept = data.kept;
      } else if (data.connection === this.connection) {
        onNote(data);
      }
    };
  }

  /** For the RTCPeerConnection's configuration. */
  get configuration(): object {
    return this.kind === 'encoded-streams' ? { encodedInsertableStreams: true } : {};
  }

  /** Before the offer is answered, so that the first frame passes through. */
  attach(video: RTCRtpReceiver, audio: RTCRtpReceiver): void {
    this.connection += 1;
    const options = { connection: this.connection };
    if (this.kind === 'script-transform') {
      video.transform = new RTCRtpScriptTransform(this.worker!, options);
    } else if (this.kind === 'encoded-streams') {
      const { readable, writable } = (video as unknown as LegacyReceiver).createEncodedStreams();
      this.worker!.postMessage({ readable, writable, options }, [readable, writable] as unknown as Transferable[]);
      const sound = (audio as unknown as LegacyReceiver).createEncodedStreams();
      sound.readable.pipeTo(sound.writable).catch(() => undefined);
    }
  }

  /** A copy of the access units of the last seconds, from a keyframe on; empty where the stream cannot be read. */
  units(): Promise<Unit[]> {
    if (!this.worker) return Promise.resolve([]);
    this.asks += 1;
    this.worker.postMessage({ ask: 'units', asked: this.asks });
    return new Promise((done) => this.waiting.set(this.asks, done));
  }

  /** Who may not see the show any more keeps nothing of it. */
  forget(): void {
    this.worker?.postMessage({ ask: 'forget' });
    this.kept = { units: 0, bytes: 0, seconds: 0 };
  }

  /** Notes of the connection so far are no longer wanted. */
  detach(): void {
    this.connection += 1;
  }

  private bestKind(): TapKind {
    if (!('Worker' in window)) return 'socket';
    if ('RTCRtpScriptTransform' in window) return 'script-transform';
    return 'RTCRtpReceiver' in window && 'createEncodedStreams' in RTCRtpReceiver.prototype ? 'encoded-streams' : 'socket';
  }
}

/** The page's policy wants Trusted Types for script addresses; this is the only one it has, and it is a constant. */
function trusted(url: string): string {
  const types = (window as unknown as { trustedTypes?: TrustedTypes }).trustedTypes;
  return types ? types.createPolicy('vitrine-worker', { createScriptURL: () => workerUrl }).createScriptURL(url) : url;
}
