// The worker between depacketizer and decoder: hands every access unit on untouched, and its scene frame to the page. Frames of one connection are told
// from another's by `connection`. Nothing here may hold a frame back: what fails is reported as damaged. It also keeps the last seconds as they
// came, for a buyer who wants to see something again.

import { UnitRing, type Unit } from '../replay/ring';
import { findSceneFrame } from './sei';

export interface SceneNote {
  connection: number;
  rtp: number;
  scene: Uint8Array | null;
  damaged: boolean;
}

/** The answer to "units". */
export interface UnitsNote {
  asked: number;
  units: Unit[];
}

/** Once a second: what is kept. */
export interface KeptNote {
  kept: { units: number; bytes: number; seconds: number };
}

export type WorkerNote = SceneNote | UnitsNote | KeptNote;
export type WorkerAsk = { ask: 'units'; asked: number } | { ask: 'forget' };

interface EncodedFrame {
  readonly type?: string;
  readonly data: ArrayBuffer;
  readonly timestamp: number;
  getMetadata(): { rtpTimestamp?: number };
}

interface Transformer {
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  readonly options: { connection: number };
}

interface WorkerScope {
  onrtctransform: ((event: { transformer: Transformer }) => void) | null;
  onmessage: ((event: MessageEvent<Transformer | WorkerAsk>) => void) | null;
  postMessage(note: WorkerNote, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;
const ring = new UnitRing();
let connection = 0;
let told = 0;

function run({ readable, writable, options }: Transformer): void {
  connection = options.connection;
  ring.clear();
  const look = new TransformStream<EncodedFrame, EncodedFrame>({
    transform(frame, controller) {
      try {
        const unit = new Uint8Array(frame.data);
        const rtp = (frame.getMetadata().rtpTimestamp ?? frame.timestamp) >>> 0;
        const { scene, damaged } = findSceneFrame(unit);
        if (scene || damaged) scope.postMessage({ connection: options.connection, rtp, scene, damaged }, scene ? [scene.buffer] : []);
        if (options.connection === connection) keep({ rtp, key: frame.type === 'key', data: unit.slice() });
      } finally {
        controller.enqueue(frame);
      }
    },
  });
  // Ends with an error when the connection closes; there is nobody left to tell.
  readable.pipeThrough(look).pipeTo(writable).catch(() => undefined);
}

function keep(unit: Unit): void {
  ring.add(unit);
  if (performance.now() - told < 1000) return;
  told = performance.now();
  const units = ring.all();
  const seconds = units.length > 0 ? ((units.at(-1)!.rtp - units[0]!.rtp) >>> 0) / 90_000 : 0;
  scope.postMessage({ kept: { units: units.length, bytes: ring.bytes, seconds } }, []);
}

scope.onrtctransform = (event) => run(event.transformer); // RTCRtpScriptTransform
scope.onmessage = ({ data }) => {
  if (!('ask' in data)) return run(data); // the streams of createEncodedStreams, handed over
  if (data.ask === 'forget') return ring.clear();
  const units = ring.all().map(({ rtp, key, data: bytes }) => ({ rtp, key, data: bytes.slice() }));
  scope.postMessage({ asked: data.asked, units }, units.map((unit) => unit.data.buffer));
};
