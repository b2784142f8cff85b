// How a product's model is shown to this buyer: what the presenter shows, except for what the buyer has chosen here. What was not chosen
// keeps following the presenter.

import type { ModelState } from '../wire/show';

export type Choice = Partial<ModelState>;

export const hidden: ModelState = { shown: false, variant: '', explode: 0, xRay: false, section: null };

export class Choices {
  private presenter = new Map<string, ModelState>();
  private readonly own = new Map<string, Choice>();

  /** Of all products; one that is missing is hidden. The program shows the pinned product's model only. */
  follow(presenter: Map<string, ModelState>, pinned: string): void {
    this.presenter = new Map([...presenter].map(([id, state]) => [id, { ...state, shown: state.shown && id === pinned }]));
  }

  choose(product: string, choice: Choice): void {
    this.own.set(product, { ...this.own.get(product), ...choice });
  }

  reset(product: string): void {
    this.own.delete(product);
  }

  forget(): void {
    this.presenter.clear();
    this.own.clear();
  }

  state(product: string): ModelState {
    return { ...(this.presenter.get(product) ?? hidden), ...this.own.get(product) };
  }

  /** Whether this much of it is the buyer's own choice. */
  owns(product: string, key: keyof ModelState): boolean {
    return key in (this.own.get(product) ?? {});
  }

  /** Whether the buyer sees something else than the presenter shows. */
  departs(product: string): boolean {
    const presented = this.presenter.get(product) ?? hidden;
    return Object.entries(this.own.get(product) ?? {}).some(([key, value]) => presented[key as keyof ModelState] !== value);
  }
}
