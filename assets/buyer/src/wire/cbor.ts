// A pull reader for CBOR (RFC 8949) that came through a lossy network: the caller says what it expects, and anything else, or anything not
// well formed, throws CborError. Every length is checked before it is used, so a lie costs nothing. Which inputs are refused is fixed by
// tests/fixtures/scene_frames (its README has the rules), the same for the engine's reader.
// Integers beyond 2^53 lose their last bits: numbers in a scene frame never get there.

export class CborError extends Error {}

const deepest = 8; // open maps, lists and tags
const mostElements = 64; // of a list, or keys of a map

const kinds = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

interface Head {
  kind: number;
  info: number;
  value: number;
}

export class CborReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;
  private open = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  end(): void {
    if (this.at !== this.bytes.length) throw new CborError('something follows');
  }

  /** Calls what stands under a known key; other keys are passed over. No key may come twice. */
  map(known: Record<number, () => void>): void {
    const count = this.enter(kinds.map);
    const seen = new Set<number | string>();
    for (let i = 0; i < count; ++i) {
      const key = this.peek() === kinds.text ? this.text() : this.integer();
      if (seen.has(key)) throw new CborError('a key twice');
      seen.add(key);
      const read = typeof key === 'number' ? known[key] : undefined;
      if (read) read();
      else this.skip();
    }
    this.open -= 1;
  }

  array<T>(read: () => T): T[] {
    const count = this.enter(kinds.array);
    const out: T[] = [];
    for (let i = 0; i < count; ++i) out.push(read());
    this.open -= 1;
    return out;
  }

  text(): string {
    const { kind, value } = this.head();
    if (kind !== kinds.text) throw new CborError('not text');
    return utf8(this.take(value));
  }

  /** Not negative. */
  count(): number {
    const { kind, value } = this.head();
    if (kind !== kinds.unsigned) throw new CborError('not a whole number from 0');
    return value;
  }

  integer(): number {
    const { kind, value } = this.head();
    if (kind > kinds.negative || value >= 2 ** 63) throw new CborError('not a whole number');
    return kind === kinds.negative ? -1 - value : value;
  }

  /** Whole or floating, finite. */
  number(): number {
    const { kind, info, value } = this.head();
    if (kind === kinds.unsigned) return value;
    if (kind === kinds.negative) return -1 - value;
    if (kind !== kinds.simple || info < 25) throw new CborError('not a number');
    const float = info === 25 ? half(value) : info === 26 ? this.view.getFloat32(this.at - 4) : this.view.getFloat64(this.at - 8);
    if (!Number.isFinite(float)) throw new CborError('not finite');
    return float;
  }

  numberOrText(): number | string {
    return this.peek() === kinds.text ? this.text() : this.number();
  }

  private skip(): void {
    const { kind, info, value } = this.head();
    switch (kind) {
      case kinds.bytes:
        this.take(value);
        return;
      case kinds.text:
        utf8(this.take(value));
        return;
      case kinds.simple:
        if (info === 24 && value < 32) throw new CborError('a simple value written too long');
        return;
      case kinds.array:
      case kinds.map:
      case kinds.tag: {
        const items = kind === kinds.tag ? 1 : kind === kinds.map ? value * 2 : value;
        if (items > this.bytes.length - this.at) throw new CborError('cut short');
        this.deeper();
        for (let i = 0; i < items; ++i) this.skip();
        this.open -= 1;
      }
    }
  }

  private enter(wanted: number): number {
    const { kind, value } = this.head();
    if (kind !== wanted || value > mostElements) throw new CborError('not such a list or map, or too long');
    this.deeper();
    return value;
  }

  private deeper(): void {
    if (++this.open > deepest) throw new CborError('nested too deeply');
  }

  private peek(): number {
    return (this.bytes[this.at] ?? 0) >> 5;
  }

  private head(): Head {
    const first = this.take(1)[0]!;
    const kind = first >> 5;
    const info = first & 31;
    if (info < 24) return { kind, info, value: info };
    if (info > 27) throw new CborError('a reserved or indefinite length');
    const size = 1 << (info - 24);
    const at = this.at;
    this.take(size);
    return { kind, info, value: this.unsigned(at, size) };
  }

  private unsigned(at: number, size: number): number {
    if (size === 1) return this.view.getUint8(at);
    if (size === 2) return this.view.getUint16(at);
    if (size === 4) return this.view.getUint32(at);
    return this.view.getUint32(at) * 2 ** 32 + this.view.getUint32(at + 4);
  }

  private take(count: number): Uint8Array {
    if (count > this.bytes.length - this.at) throw new CborError('cut short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new CborError('text is not UTF-8');
  }
}
