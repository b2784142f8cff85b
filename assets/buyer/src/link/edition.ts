// When the show document is to be fetched again: it has been edited since. At once, but not more than once a second, however often
// somebody drags a callout; what came meanwhile is in the next one.

const spacing = 1000;

export class Edition {
  private held = 0;
  private asked = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly fetch: () => void;

  constructor(fetch: () => void) {
    this.fetch = fetch;
  }

  /** A document of that edition is here. */
  have(edition: number): void {
    this.held = Math.max(this.held, edition);
  }

  /** A snapshot speaks of that edition; `now` in ms. Before the first document there is nothing to renew. */
  seen(edition: number, now: number): void {
    if (edition <= this.held || this.held === 0 || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.asked = performance.now();
      this.fetch();
    }, Math.max(0, this.asked + spacing - now));
  }
}
