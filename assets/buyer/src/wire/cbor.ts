// A CBOR reader (RFC 8949) for scene frames and nothing more. It meets bytes that came through a lossy network, so it is strict: every
// length is checked before it is used, items are counted, nesting is bounded, text is valid UTF-8, numbers are finite, keys
// are unique, and nothing may follow the one item. Whatever is wrong ends in CborError; there is no partial result.
// Maps become Map. Integers beyond 2^53 lose their last bits (numbers in a scene frame never get there).

export class CborError extends Error {}

export type CborValue = number | string | boolean | null | Uint8Array | CborValue[] | CborMap;
export type CborMap = Map<number | string, CborValue>;

const deepest = 8;

export function readCbor(bytes: Uint8Array, limit: number): CborValue {
  if (bytes.length > limit) throw new CborError('too long');
  const reader = new Reader(bytes);
  const value = reader.item(0);
  if (!reader.atEnd()) throw new CborError('bytes after the end');
  return value;
}

class Reader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  item(depth: number): CborValue {
    if (depth > deepest) throw new CborError('nested too deeply');
    const head = this.bytes[this.take(1)]!;
    const kind = head >> 5;
    const low = head & 31;
    if (kind === 7) return this.simple(low);
    const argument = this.argument(low);
    switch (kind) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2: {
        const from = this.take(argument);
        return this.bytes.slice(from, from + argument);
      }
      case 3: {
        const from = this.take(argument);
        return utf8(this.bytes.subarray(from, from + argument));
      }
      case 4:
        return this.array(argument, depth);
      case 5:
        return this.map(argument, depth);
      default: // a tag says how to read what follows; scene frames give tags no meaning
        return this.item(depth + 1);
    }
  }

  private array(count: number, depth: number): CborValue[] {
    this.expect(count);
    const out: CborValue[] = [];
    for (let i = 0; i < count; ++i) out.push(this.item(depth + 1));
    return out;
  }

  private map(count: number, depth: number): CborMap {
    this.expect(count * 2);
    const out: CborMap = new Map();
    for (let i = 0; i < count; ++i) {
      const key = this.item(depth + 1);
      if (typeof key !== 'number' && typeof key !== 'string') throw new CborError('a key is neither number nor text');
      if (out.has(key)) throw new CborError('the same key twice');
      out.set(key, this.item(depth + 1));
    }
    return out;
  }

  private simple(low: number): CborValue {
    switch (low) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return finite(half(this.view.getUint16(this.take(2))));
      case 26:
        return finite(this.view.getFloat32(this.take(4)));
      case 27:
        return finite(this.view.getFloat64(this.take(8)));
      default:
        throw new CborError('unknown simple value');
    }
  }

  /// Indefinite lengths (31) are refused too: our writer never makes them.
  private argument(low: number): number {
    if (low < 24) return low;
    switch (low) {
      case 24:
        return this.view.getUint8(this.take(1));
      case 25:
        return this.view.getUint16(this.take(2));
      case 26:
        return this.view.getUint32(this.take(4));
      case 27: {
        const at = this.take(8);
        return this.view.getUint32(at) * 2 ** 32 + this.view.getUint32(at + 4);
      }
      default:
        throw new CborError('bad length');
    }
  }

  private take(count: number): number {
    this.expect(count);
    const from = this.at;
    this.at += count;
    return from;
  }

  /// Each item is at least one byte, so a count beyond what is left is a lie.
  private expect(count: number): void {
    if (count > this.bytes.length - this.at) throw new CborError('cut short');
  }
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new CborError('not a finite number');
  return value;
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
