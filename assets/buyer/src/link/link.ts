// Does what the machine says: joins, fetches, opens and closes, and reports back. Holds no decision of its own.

import { bytesOf } from '../wire/base64';
import type { SceneNote } from '../wire/scene_worker';
import { readShow, type ServerMessage, type ShowDocument, type Snapshot } from '../wire/show';
import { fetchShow, join, openElsewhere, type OpenOn } from './api';
import type { DeskNews } from '../wire/desk';
import { Edition } from './edition';
import { LiveSocket } from './live_socket';
import { initial, phase, step, wakeAt, type Effect, type LinkEvent, type Phase, type State } from './machine';
import { forgetJoined, hasJoined, keepJoined, type Invite } from './pass';
import { SceneTap, type TapKind } from './scene_tap';
import { WhepSession } from './whep';

export interface LinkReports {
  phase(phase: Phase): void;
  joined(name: string, language: string): void;
  /** Where the invitation is open instead; told before the phase. */
  elsewhere(devices: OpenOn[]): void;
  show(show: ShowDocument): void;
  snapshot(snapshot: Snapshot): void;
  desk(news: DeskNews): void;
  reactions(counts: Record<string, number>): void;
  /** The socket is there, or is not. */
  socket(open: boolean): void;
  stream(stream: MediaStream | null): void;
  scene(rtp: number, bytes: Uint8Array): void;
  damaged(): void;
  clock(sent: number, received: number, server: number): void;
}

export class Link {
  private readonly invite: Invite | null;
  private readonly reports: LinkReports;
  private readonly tap: SceneTap;
  private state: State = initial();
  private told: Phase | null = null;
  private timer: number | undefined;
  private readonly knownId: string;
  private iceServers: RTCIceServer[] = [];
  private socket: LiveSocket | null = null;
  private media: WhepSession | null = null;
  private readonly edition = new Edition(() => void this.renewShow());
  private language: string;

  /** `knownId`: the invite this page stands for, also when its secret is gone and only the cookie can open the door. */
  constructor(invite: Invite | null, knownId: string, language: string, reports: LinkReports) {
    this.invite = invite;
    this.knownId = knownId;
    this.language = language;
    this.reports = reports;
    this.tap = new SceneTap((note) => this.note(note));
  }

  get sceneTransport(): TapKind {
    return this.tap.kind;
  }

  get connected(): boolean {
    return this.state.media === 'on';
  }

  start(): void {
    if (!('RTCPeerConnection' in window)) this.tell({ type: 'unsupported' });
    this.tell({ type: 'network', online: navigator.onLine });
    this.tell({ type: 'start', hasSession: !this.invite || hasJoined(this.knownId) });
  }

  tell(event: LinkEvent): void {
    const { state, effects } = step(this.state, event, performance.now());
    this.state = state;
    for (const effect of effects) this.perform(effect);
    this.schedule();
    const now = phase(this.state);
    if (now !== this.told) this.reports.phase((this.told = now));
  }

  speak(language: string): void {
    if (language === this.language) return;
    this.language = language;
    this.socket?.send({ type: 'language', language });
  }

  /** Over the socket, if it is open. */
  send(message: object): void {
    this.socket?.send(message);
  }

  /** For scene frames' makers: who keeps the access units of the last seconds. */
  get scenes(): SceneTap {
    return this.tap;
  }

  /** See WhepSession. */
  shown(rtp: number, displayAt: number): void {
    this.media?.shown(rtp, displayAt);
  }

  inStep(report: RTCStatsReport, audible: boolean): number | null {
    return this.media?.inStep(report, audible) ?? null;
  }

  stats(): Promise<RTCStatsReport> | null {
    return this.media?.stats() ?? null;
  }

  private schedule(): void {
    window.clearTimeout(this.timer);
    const at = wakeAt(this.state);
    if (at !== null) this.timer = window.setTimeout(() => this.tell({ type: 'tick' }), Math.max(0, at - performance.now()) + 1);
  }

  private perform(effect: Effect): void {
    switch (effect) {
      case 'join':
      case 'take-over':
        return void this.join(effect === 'take-over');
      case 'fetch-show':
        return void this.fetchShow();
      case 'open-socket':
        return this.openSocket();
      case 'close-socket':
        this.socket?.close();
        this.socket = null;
        return;
      case 'start-media':
        return this.startMedia();
      case 'stop-media':
        this.reports.stream(null); // before the tracks end
        this.tap.detach();
        this.media?.close();
        this.media = null;
        return;
    }
  }

  private async join(takeOver: boolean): Promise<void> {
    forgetJoined();
    if (!this.invite) return this.tell({ type: 'answer', of: 'join', status: 403 });
    const { body, problem, ...answer } = await join(this.invite.id, this.invite.secret, this.language, takeOver);
    const elsewhere = openElsewhere({ ...answer, body, ...(problem && { problem }) });
    if (elsewhere) this.reports.elsewhere(elsewhere);
    if (body) {
      keepJoined(this.knownId);
      this.reports.joined(body.name, body.language);
    }
    this.tell({ type: 'answer', of: 'join', ...answer, elsewhere: elsewhere !== null });
  }

  private async fetchShow(): Promise<void> {
    const { body, ...answer } = await fetchShow();
    const show = readShow(body);
    if (answer.status === 200 && !show) answer.status = 502;
    if (show) {
      this.iceServers = show.iceServers;
      this.edition.have(show.edition);
      this.reports.show(show);
    }
    this.tell({ type: 'answer', of: 'show', ...answer });
  }

  /** The show has been edited. A failure is no matter: the next snapshot asks again. */
  private async renewShow(): Promise<void> {
    const show = readShow((await fetchShow()).body);
    if (!show) return;
    this.edition.have(show.edition);
    this.reports.show(show);
  }

  private openSocket(): void {
    const socket = new LiveSocket(this.language, {
      open: () => {
        this.tell({ type: 'socket-open' });
        this.wantScenes();
        this.reports.socket(true);
      },
      message: (message) => this.receive(message),
      closed: (code) => {
        if (this.socket === socket) this.socket = null;
        this.reports.socket(false);
        this.tell({ type: 'socket-closed', code });
      },
      clock: (sent, received, server) => this.reports.clock(sent, received, server),
    });
    this.socket = socket;
  }

  private receive(message: ServerMessage): void {
    if (message.type === 'snapshot') {
      this.reports.snapshot(message.snapshot);
      this.edition.seen(message.snapshot.edition, performance.now());
      this.tell({ type: 'session', session: message.snapshot.session });
    } else if (message.type === 'desk') {
      this.reports.desk(message.news);
    } else if (message.type === 'reactions') {
      this.reports.reactions(message.counts);
    } else if (message.type === 'ended') {
      this.tell({ type: 'session', session: 'ended' });
    } else if (message.type === 'scene') {
      const bytes = bytesOf(message.cbor);
      if (bytes) this.reports.scene(message.rtp, bytes);
      else this.reports.damaged();
    }
  }

  private startMedia(): void {
    this.media?.close();
    const media: WhepSession = new WhepSession(this.iceServers, this.tap, {
      answer: (answer) => {
        if (this.media !== media) return;
        const { body: _, ...rest } = answer;
        if (rest.status !== 201) {
          this.media = null;
          media.close();
        }
        this.tell({ type: 'answer', of: 'media', ...rest });
        this.wantScenes();
      },
      ice: (state) => this.media === media && this.tell({ type: 'ice', state }),
      stream: (stream) => this.media === media && this.reports.stream(stream),
      unsupported: () => this.media === media && this.tell({ type: 'unsupported' }),
    });
    this.media = media;
    media.start();
  }

  private wantScenes(): void {
    if (this.tap.kind === 'socket' && this.media?.id) {
      this.socket?.send({ type: 'want', scenes: true, peer: this.media.id });
    }
  }

  private note({ rtp, scene, damaged }: SceneNote): void {
    if (damaged) this.reports.damaged();
    if (scene) this.reports.scene(rtp, scene);
  }
}
