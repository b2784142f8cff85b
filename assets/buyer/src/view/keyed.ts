// A list of elements kept in step with records: an element is made anew only when what it says changed, and moved only when its place did, so that
// focus, selection and scrolling stay where they are.

export class Keyed<T> {
  private readonly list: Element;
  private readonly key: (item: T) => string;
  private readonly make: (item: T) => HTMLElement;
  private readonly held = new Map<string, { said: string; node: HTMLElement }>();

  constructor(list: Element, key: (item: T) => string, make: (item: T) => HTMLElement) {
    this.list = list;
    this.key = key;
    this.make = make;
  }

  /** `say`: all that an item's element depends on. */
  show(items: readonly T[], say: (item: T) => string): void {
    const wanted = new Set(items.map(this.key));
    for (const [key, { node }] of this.held) {
      if (wanted.has(key)) continue;
      node.remove();
      this.held.delete(key);
    }
    let at: Element | null = this.list.firstElementChild;
    for (const item of items) {
      const [key, said] = [this.key(item), say(item)];
      const before = this.held.get(key);
      let node = before?.node;
      if (!node || before!.said !== said) {
        const focus = node?.contains(document.activeElement) ? document.activeElement?.getAttribute('data-part') : null;
        const fresh = this.make(item);
        if (node) {
          if (at === node) at = fresh;
          node.replaceWith(fresh);
        }
        node = fresh;
        this.held.set(key, { said, node });
        if (focus) node.querySelector<HTMLElement>(`[data-part="${focus}"]`)?.focus({ preventScroll: true });
      }
      if (node === at) at = at.nextElementSibling;
      else this.list.insertBefore(node, at);
    }
  }

  node(key: string): HTMLElement | null {
    return this.held.get(key)?.node ?? null;
  }
}
