// Files that go with a quote: judged here before anything is sent, sent one by one with their progress, and named by the server's ids when they are there.

import type { Words } from '../text/language';
import { el, fill, icon } from '../view/dom';

export const limits = { bytes: 5 * 2 ** 20, files: 5, types: ['image/png', 'image/jpeg', 'application/pdf'] };

interface Upload {
  clientId: string;
  name: string;
  blob: Blob;
  state: 'sending' | 'there' | 'failed';
  why: string;
  share: number;
  id: string;
  snapshot: boolean;
}

/** By the first bytes, as the server judges too: a name proves nothing. */
export async function typeOf(blob: Blob): Promise<string | null> {
  const head = [...new Uint8Array(await blob.slice(0, 8).arrayBuffer())];
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(0x25, 0x50, 0x44, 0x46, 0x2d)) return 'application/pdf';
  return null;
}

export class Attachments {
  readonly root = el('div', { class: 'attachments' });
  private readonly list = el('ul');
  private readonly said = el('p', { class: 'field-error', role: 'alert' });
  private readonly input = el('input', { type: 'file', multiple: true, accept: 'image/png,image/jpeg,application/pdf', class: 'sr-only' });
  private files: Upload[] = [];
  private words: Words;

  constructor(words: Words) {
    this.words = words;
    this.input.id = 'quote-files';
    const choose = el('label', { for: this.input.id, class: 'plain file-choose' }, icon('attach'), words.say('attach_file'));
    this.input.addEventListener('change', () => {
      for (const file of this.input.files ?? []) void this.add(file, file.name);
      this.input.value = '';
    });
    this.root.append(el('p', { class: 'caption' }, words.say('attach_limits', { files: words.number(limits.files), size: '5' })), this.list, this.input, choose, this.said);
  }

  get ids(): string[] {
    return this.files.filter(({ state }) => state === 'there').map(({ id }) => id);
  }

  get snapshot(): string {
    return this.files.find(({ state, snapshot }) => snapshot && state === 'there')?.id ?? '';
  }

  get busy(): boolean {
    return this.files.some(({ state }) => state === 'sending');
  }

  async add(blob: Blob, name: string, snapshot = false): Promise<void> {
    const { words } = this;
    this.said.textContent = '';
    const type = await typeOf(blob);
    if (!type) return void (this.said.textContent = words.say('attach_type', { name }));
    if (blob.size > limits.bytes) return void (this.said.textContent = words.say('attach_large', { name }));
    if (this.files.length >= limits.files) return void (this.said.textContent = words.say('attach_many'));
    const file: Upload = { clientId: crypto.randomUUID(), name, blob: new Blob([blob], { type }), state: 'sending', why: '', share: 0, id: '', snapshot };
    this.files.push(file);
    this.send(file);
  }

  private send(file: Upload): void {
    Object.assign(file, { state: 'sending', why: '', share: 0 });
    this.show();
    const request = new XMLHttpRequest(); // fetch tells no progress of what goes out
    request.open('PUT', `/api/attachments/${file.clientId}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', file.blob.type);
    request.upload.onprogress = ({ loaded, total }) => {
      file.share = total > 0 ? loaded / total : 0;
      this.show();
    };
    request.onloadend = () => {
      const body = parsed(request.responseText);
      const id = typeof body['id'] === 'string' ? body['id'] : '';
      if (request.status >= 200 && request.status < 300 && id) Object.assign(file, { state: 'there', id });
      else Object.assign(file, { state: 'failed', why: typeof body['detail'] === 'string' ? this.words.refusal(body['detail']) : this.words.say('not_sent') });
      this.show();
    };
    request.send(file.blob);
  }

  private show(): void {
    const { words } = this;
    fill(this.list, ...this.files.map((file) => {
      const bar = el('span', { class: 'bar' });
      bar.style.inlineSize = `${Math.round(file.share * 100)}%`;
      const state = file.state === 'there' ? words.say('attached') : file.state === 'failed' ? file.why : words.percent(file.share);
      return el('li', { class: `file ${file.state}` },
        icon(file.snapshot ? 'freeze' : 'attach'),
        el('div', {}, el('p', { class: 'file-name', dir: 'auto' }, file.name), el('p', { class: 'caption', role: 'status' }, `${words.size(file.blob.size)} · ${state}`),
          file.state === 'sending' && el('span', { class: 'progress', 'aria-hidden': 'true' }, bar)),
        file.state === 'failed' && el('button', { type: 'button', class: 'plain', click: () => this.send(file) }, words.say('try_again')),
        el('button', { type: 'button', class: 'round', 'aria-label': words.say('remove_file', { name: file.name }), click: () => {
          this.files = this.files.filter((each) => each !== file);
          this.show();
        } }, icon('close')));
    }));
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const raw: unknown = JSON.parse(text);
    return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
