// The worker between depacketizer and decoder: hands every access unit on untouched, and its scene frame to the page. Frames of one
// connection are told from another's by `connection`. Nothing here may hold a frame back: what fails is reported as damaged.

import { findSceneFrame } from './sei';

export interface SceneNote {
  connection: number;
  rtp: number;
  scene: Uint8Array | null;
  damaged: boolean;
}

interface EncodedFrame {
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
  onmessage: ((event: MessageEvent<Transformer>) => void) | null;
  postMessage(note: SceneNote, transfer: Transferable[]): void;
}

const scope = self as unknown as WorkerScope;

function run({ readable, writable, options }: Transformer): void {
  const look = new TransformStream<EncodedFrame, EncodedFrame>({
    transform(frame, controller) {
      try {
        const { scene, damaged } = findSceneFrame(new Uint8Array(frame.data));
        if (scene || damaged) {
          const rtp = (frame.getMetadata().rtpTimestamp ?? frame.timestamp) >>> 0;
          scope.postMessage({ connection: options.connection, rtp, scene, damaged }, scene ? [scene.buffer] : []);
        }
      } finally {
        controller.enqueue(frame);
      }
    },
  });
  // Ends with an error when the connection closes; there is nobody left to tell.
  readable.pipeThrough(look).pipeTo(writable).catch(() => undefined);
}

scope.onrtctransform = (event) => run(event.transformer); // RTCRtpScriptTransform
scope.onmessage = (event) => run(event.data); // the streams of createEncodedStreams, handed over
