// The models of a show as this page has them: downloaded, checked and parsed once, when first wanted. Drawing code comes with the first model:
// a show without any, or a buyer who never looks at one, loads none of it.

import type { Product } from '../wire/show';
import { download, type DownloadProblem } from './download';
import { checkGlb } from './glb';
import type { LoadedModel } from './three/picture';

export type Drawing = typeof import('./three/picture');
export type ModelProblem = DownloadProblem | 'no-webgl' | 'lost';

export type Held =
  | { is: 'absent' }
  | { is: 'loading'; share: number }
  | { is: 'ready'; model: LoadedModel; bytes: Uint8Array }
  | { is: 'failed'; problem: ModelProblem };

/** What another attempt may mend. */
const passing: ModelProblem[] = ['offline', 'refused', 'lost'];

export class ModelLibrary {
  drawing: Drawing | null = null;
  private readonly held = new Map<string, Held>();
  private readonly changed: (product: string) => void;
  private leaving = new AbortController();

  constructor(changed: (product: string) => void) {
    this.changed = changed;
  }

  of(product: string): Held {
    return this.held.get(product) ?? { is: 'absent' };
  }

  /** Starts fetching unless it was; `again`: also after a failure that may pass. */
  want(product: Product, again = false): void {
    const held = this.of(product.id);
    const anew = held.is === 'absent' || (again && held.is === 'failed' && passing.includes(held.problem));
    if (product.model && anew) void this.fetch(product);
  }

  fail(product: string, problem: ModelProblem): void {
    const held = this.of(product);
    if (held.is === 'ready') held.model.dispose();
    this.put(product, { is: 'failed', problem });
  }

  /** Who may not see the show any more keeps no model either. */
  forget(): void {
    this.leaving.abort();
    this.leaving = new AbortController();
    for (const held of this.held.values()) if (held.is === 'ready') held.model.dispose();
    this.held.clear();
  }

  private async fetch({ id, model }: Product): Promise<void> {
    const { signal } = this.leaving;
    this.put(id, { is: 'loading', share: 0 });
    const got = hasWebGl() ? await this.load(id, model!.url, model!.bytes, signal) : 'no-webgl';
    if (signal.aborted) return typeof got === 'string' ? undefined : got.model.dispose();
    this.put(id, typeof got === 'string' ? { is: 'failed', problem: got } : { is: 'ready', ...got });
  }

  private async load(
    id: string,
    url: string,
    announced: number,
    signal: AbortSignal,
  ): Promise<{ model: LoadedModel; bytes: Uint8Array } | ModelProblem> {
    let told = 0;
    const progress = (share: number): void => {
      if (signal.aborted || share - told < 0.05) return;
      told = share;
      this.put(id, { is: 'loading', share });
    };
    const code = import('./three/picture').catch(() => null);
    const bytes = await download(url, announced, progress, signal);
    if (typeof bytes === 'string') return bytes;
    const checked = checkGlb(bytes);
    if (typeof checked === 'string') return checked;
    const drawing = await code;
    if (!drawing) return 'offline';
    this.drawing = drawing;
    try {
      return { model: await drawing.LoadedModel.parse(bytes), bytes };
    } catch {
      return 'damaged';
    }
  }

  private put(product: string, held: Held): void {
    this.held.set(product, held);
    this.changed(product);
  }
}

/** Asked on a canvas of its own, so that the libraries' own complaint stays out of the console. */
function hasWebGl(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  gl?.getExtension('WEBGL_lose_context')?.loseContext();
  return gl !== null;
}
