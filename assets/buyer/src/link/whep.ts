// One WHEP session: offer, answer, trickled candidates, and the end. The server's answer holds all its candidates, so the offer goes out at
// once and ours follow by PATCH. A closed session reports nothing more.

import { withRetry, type Answer } from './api';
import { preferH264 } from './codecs';
import { apart, canSynchronise, clocksOf, hold, LipSync } from './lip_sync';
import type { SceneTap } from './scene_tap';
import { sdpFragment, type TrickledCandidate } from './sdp_fragment';

export interface WhepReports {
  answer(answer: Answer<null>): void;
  ice(state: 'connected' | 'disconnected' | 'failed'): void;
  stream(stream: MediaStream): void;
  unsupported(): void;
}

const gatherPauseMs = 50; // candidates of one burst travel in one PATCH
const patienceMs = 8000;

export class WhepSession {
  private readonly peer: RTCPeerConnection;
  private readonly reports: WhepReports;
  private readonly tap: SceneTap;
  private location: string | null = null;
  private etag: string | null = null;
  private offer = '';
  private candidates: TrickledCandidate[] = [];
  private gathered = false;
  private timer: number | undefined;
  private closed = false;
  private receivers: [video: RTCRtpReceiver, audio: RTCRtpReceiver] | null = null;
  private lips: LipSync | null = null;

  constructor(iceServers: RTCIceServer[], tap: SceneTap, reports: WhepReports) {
    this.reports = reports;
    this.peer = new RTCPeerConnection({
      iceServers,
      bundlePolicy: 'max-bundle',
      rtcpMuxPolicy: 'require',
      ...tap.configuration,
    });
    this.peer.onicecandidate = ({ candidate }) => this.gather(candidate);
    this.peer.onconnectionstatechange = () => this.changed(this.peer.connectionState);
    this.tap = tap;
  }

  start(): void {
    void this.offerAndAsk();
  }

  get id(): string {
    return this.location?.split('/').at(-1) ?? '';
  }

  stats(): Promise<RTCStatsReport> {
    return this.peer.getStats();
  }

  /** For every displayed picture; performance.now() scale. */
  shown(rtp: number, displayAt: number): void {
    this.lips?.shown(rtp, displayAt);
  }

  /** Once a second: keeps the picture in step with a sound that is heard. Gives how much later the sound is (ms), null when that is not known. */
  inStep(report: RTCStatsReport, audible: boolean): number | null {
    this.lips?.tick(report, audible);
    return this.lips?.soundAfterMs ?? null;
  }

  /** Tells the server, also while the page is going away. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    window.clearTimeout(this.timer);
    this.peer.onicecandidate = null;
    this.peer.onconnectionstatechange = null;
    this.peer.close();
    if (this.location) this.hangUp(this.location);
  }

  private async offerAndAsk(): Promise<void> {
    try {
      const video = this.peer.addTransceiver('video', { direction: 'recvonly' });
      const audio = this.peer.addTransceiver('audio', { direction: 'recvonly' });
      const codecs = preferH264(RTCRtpReceiver.getCapabilities('video')?.codecs ?? []);
      if (!codecs) return this.reports.unsupported();
      video.setCodecPreferences?.(codecs);
      this.tap.attach(video.receiver, audio.receiver);
      this.receivers = [video.receiver, audio.receiver];
      for (const receiver of this.receivers) hold(receiver, 0);
      const offer = await this.peer.createOffer();
      await this.peer.setLocalDescription(offer);
      this.offer = this.peer.localDescription?.sdp ?? offer.sdp ?? '';
      await this.post(new MediaStream([video.receiver.track, audio.receiver.track]));
    } catch {
      if (!this.closed) this.reports.answer({ status: 0, body: null });
    }
  }

  private async post(stream: MediaStream): Promise<void> {
    const response = await fetch('/whep', {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: this.offer,
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(patienceMs),
    });
    const body = await response.text();
    const location = sameOrigin(response.headers.get('Location'));
    if (this.closed) {
      if (location) this.hangUp(location);
      return;
    }
    if (response.status !== 201 || !location) {
      return this.reports.answer(withRetry(response, null));
    }
    this.location = location;
    this.etag = response.headers.get('ETag');
    const clocks = canSynchronise() ? clocksOf(body) : null;
    if (clocks && this.receivers) this.lips = new LipSync(...this.receivers, clocks);
    await this.peer.setRemoteDescription({ type: 'answer', sdp: clocks ? apart(body) : body });
    if (this.closed) return;
    this.reports.answer(withRetry(response, null));
    this.reports.stream(stream);
    this.trickleSoon();
  }

  private gather(candidate: RTCIceCandidate | null): void {
    if (candidate?.candidate) this.candidates.push({ candidate: candidate.candidate, sdpMid: candidate.sdpMid });
    else this.gathered = true;
    this.trickleSoon();
  }

  private trickleSoon(): void {
    if (!this.location) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.trickle(), this.gathered ? 0 : gatherPauseMs);
  }

  private async trickle(): Promise<void> {
    if (this.closed || !this.location || this.candidates.length === 0) return;
    const body = sdpFragment(this.offer, this.candidates.splice(0), this.gathered);
    if (!body) return;
    const headers: Record<string, string> = { 'Content-Type': 'application/trickle-ice-sdpfrag' };
    if (this.etag) headers['If-Match'] = this.etag;
    try {
      await fetch(this.location, { method: 'PATCH', headers, body, cache: 'no-store', credentials: 'same-origin' });
    } catch {
      // The server learns our addresses from connectivity checks too; a peer it cannot reach ends as "failed".
    }
  }

  private changed(state: RTCPeerConnectionState): void {
    if (state === 'connected' || state === 'disconnected' || state === 'failed') this.reports.ice(state);
  }

  private hangUp(location: string): void {
    fetch(location, { method: 'DELETE', keepalive: true, credentials: 'same-origin' }).catch(
      () => undefined, // it will find out by silence
    );
  }
}

/** The session goes to our own origin only. */
function sameOrigin(location: string | null): string | null {
  if (!location) return null;
  try {
    const url = new URL(location, window.location.origin);
    return url.origin === window.location.origin ? url.pathname : null;
  } catch {
    return null;
  }
}
