// The numbers of window.vitrine.stats(), for the buyer (and whoever helps the buyer on the phone).

import type { Key, Words } from '../text/language';
import { el, fill, icon, setText } from './dom';
import type { Stats } from '../stats';

type Row = [Key, (stats: Stats, words: Words) => string];

const none = '–';
const ms = (value: number | null, words: Words): string =>
  value === null ? none : words.say('latency', { ms: words.number(value, value < 10 ? 1 : 0) });

const rows: Row[] = [
  ['info_transport', ({ transport, scenes }) => `${transport} · ${scenes}`],
  ['info_latency', ({ latencyMs: { p50, p95 } }, words) => (p50 === null ? none : `${ms(p50, words)} / ${ms(p95, words)}`)],
  ['info_fps', ({ fps }, words) => words.number(fps, 1)],
  ['info_size', ({ width, height }) => (width ? `${width} × ${height}` : none)],
  ['info_frames', ({ frames }, words) => words.number(frames)],
  ['info_matched', ({ matched, frames }, words) =>
    frames ? `${words.number(matched)} (${words.number((100 * matched) / frames, 1)} %)` : none],
  ['info_scenes', ({ sceneFrames }, words) => words.number(sceneFrames)],
  ['info_damaged', ({ damaged }, words) => words.number(damaged)],
  ['info_freezes', ({ freezes }, words) => words.number(freezes)],
  ['info_lost', ({ packetsLost }, words) => words.number(packetsLost)],
  ['info_trip', ({ roundTripMs }, words) => ms(roundTripMs, words)],
  ['info_first', ({ firstFrameMs }, words) => ms(firstFrameMs, words)],
  ['info_viewers', ({ viewers }, words) => words.number(viewers)],
];

export class StreamInfo {
  readonly root = el('section', { class: 'info', id: 'stream-info', hidden: true });
  private readonly cells = rows.map(() => el('dd'));
  private readonly note = el('p', { class: 'caption' });
  private readonly closeButton: HTMLButtonElement;
  private words: Words | null = null;
  private approximate = 0; // frames, when it was looked at last

  constructor(close: () => void) {
    this.closeButton = el('button', { type: 'button', class: 'round', click: close }, icon('close'));
  }

  label(words: Words): void {
    this.words = words;
    this.root.setAttribute('aria-label', words.say('stream_info'));
    this.closeButton.setAttribute('aria-label', words.say('close'));
    fill(this.root,
      el('header', {}, el('h2', {}, words.say('stream_info')), this.closeButton),
      el('dl', {}, ...rows.flatMap(([key], i) => [el('dt', {}, words.say(key)), this.cells[i]!])),
      this.note);
  }

  get open(): boolean {
    return !this.root.hidden;
  }

  show(open: boolean): void {
    this.root.hidden = !open;
    if (open) this.closeButton.focus();
  }

  update(stats: Stats): void {
    const guessed = stats.approximate > this.approximate;
    this.approximate = stats.approximate;
    if (!this.open || !this.words) return;
    rows.forEach(([, say], i) => setText(this.cells[i]!, say(stats, this.words!)));
    setText(this.note, guessed ? this.words.say('info_approximate') : '');
  }
}
