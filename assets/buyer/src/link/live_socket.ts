// The socket /live: says hello, keeps the clocks compared, hands messages on. Once closed (by whom ever) it reports the code once.

import { readMessage, type ServerMessage } from '../wire/show';

export interface SocketReports {
  open(): void;
  message(message: ServerMessage): void;
  closed(code: number): void;
  /** All three in ms; sent and received on the local clock. */
  clock(sent: number, received: number, server: number): void;
}

const openWithinMs = 8000;
const silenceMs = 25_000; // two pings unanswered

export const localClock = (): number => performance.timeOrigin + performance.now();

export class LiveSocket {
  private readonly socket: WebSocket;
  private readonly reports: SocketReports;
  private readonly opening: number;
  private pinging: number | undefined;
  private pings = 0;
  private heard = performance.now();
  private closed = false;

  constructor(language: string, reports: SocketReports) {
    this.reports = reports;
    this.socket = new WebSocket(`${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}/live`);
    this.opening = window.setTimeout(() => this.end(1006), openWithinMs);
    this.socket.onopen = () => {
      window.clearTimeout(this.opening);
      this.send({ type: 'hello', language });
      this.ping();
      this.reports.open();
    };
    this.socket.onmessage = ({ data }) => this.receive(data);
    this.socket.onclose = ({ code }) => this.end(code);
  }

  send(message: object): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  close(): void {
    this.forget();
    this.socket.close(1000);
  }

  private receive(data: unknown): void {
    this.heard = performance.now();
    const message = typeof data === 'string' ? readMessage(data) : null;
    if (!message) return;
    if (message.type === 'ping') this.send({ type: 'pong', t: message.t });
    else if (message.type === 'pong') this.reports.clock(message.t, localClock(), message.timeUs / 1000);
    else this.reports.message(message);
  }

  /** Four quick ones to find the clocks' difference, then one every ten seconds. */
  private ping(): void {
    if (performance.now() - this.heard > silenceMs) return this.end(1006);
    this.send({ type: 'ping', t: localClock() });
    this.pings += 1;
    this.pinging = window.setTimeout(() => this.ping(), this.pings < 4 ? 250 : 10_000);
  }

  private end(code: number): void {
    if (this.closed) return;
    this.forget();
    this.socket.close();
    this.reports.closed(code);
  }

  private forget(): void {
    this.closed = true;
    window.clearTimeout(this.opening);
    window.clearTimeout(this.pinging);
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null;
  }
}
