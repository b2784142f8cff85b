// What a buyer can find out before the show begins: that sound comes out of this device, and that the picture will be shown. The tone goes the way the
// show's own sound will go: as a media stream through the page's video element, at its volume.

import { preferH264 } from '../link/codecs';

export type VideoCheck = 'good' | 'no-webrtc' | 'no-h264';

/** Whether this browser can receive and decode the stream: asked of its own WebRTC part, by an offer that is never sent. */
export async function checkVideo(): Promise<VideoCheck> {
  if (!('RTCPeerConnection' in window) || !('RTCRtpReceiver' in window)) return 'no-webrtc';
  if (!preferH264(RTCRtpReceiver.getCapabilities('video')?.codecs ?? [])) return 'no-h264';
  const peer = new RTCPeerConnection();
  try {
    peer.addTransceiver('video', { direction: 'recvonly' });
    const offer = await peer.createOffer();
    return /^a=rtpmap:\d+ H264\/90000/m.test(offer.sdp ?? '') ? 'good' : 'no-h264';
  } catch {
    return 'no-webrtc';
  } finally {
    peer.close();
  }
}

const notes = [523.25, 659.25, 783.99]; // C5 E5 G5
const noteS = 0.28;

/** Plays three notes; settles when they have sounded, with the loudest level that went into the video element (0 … 1). Needs a tap before it. */
export async function playTone(video: HTMLVideoElement): Promise<number> {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const meter = context.createAnalyser();
  meter.connect(out);
  const before = { stream: video.srcObject, muted: video.muted };
  try {
    await context.resume();
    notes.forEach((hertz, i) => {
      const [tone, level] = [context.createOscillator(), context.createGain()];
      const start = context.currentTime + 0.05 + i * noteS;
      tone.frequency.value = hertz;
      level.gain.setValueAtTime(0, start);
      level.gain.linearRampToValueAtTime(0.35, start + 0.03);
      level.gain.exponentialRampToValueAtTime(0.001, start + noteS * 1.6);
      tone.connect(level).connect(meter);
      tone.start(start);
      tone.stop(start + noteS * 1.7);
    });
    video.srcObject = out.stream;
    video.muted = false;
    await video.play();
    return await loudest(meter, 50 + (notes.length + 1) * noteS * 1000);
  } finally {
    video.muted = before.muted;
    if (video.srcObject === out.stream) video.srcObject = before.stream;
    await context.close();
  }
}

function loudest(meter: AnalyserNode, ms: number): Promise<number> {
  const samples = new Float32Array(meter.fftSize);
  let peak = 0;
  const look = window.setInterval(() => {
    meter.getFloatTimeDomainData(samples);
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  }, 15);
  return new Promise((done) => window.setTimeout(() => {
    window.clearInterval(look);
    done(peak);
  }, ms));
}
