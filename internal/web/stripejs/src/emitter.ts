// Events as Stripe.js has them: handlers by name, which are called in the order in which they came.

type Handler = (event?: unknown) => void;

export class Emitter {
  private readonly handlers = new Map<string, { handler: Handler; once: boolean }[]>();

  on(name: string, handler: Handler): this {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), { handler, once: false }]);
    return this;
  }

  once(name: string, handler: Handler): this {
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), { handler, once: true }]);
    return this;
  }

  // off without a handler forgets all of that name.
  off(name: string, handler?: Handler): this {
    this.handlers.set(name, handler ? (this.handlers.get(name) ?? []).filter((h) => h.handler !== handler) : []);
    return this;
  }

  protected listened(name: string): boolean {
    return (this.handlers.get(name) ?? []).length > 0;
  }

  protected emit(name: string, event?: unknown): void {
    const called = this.handlers.get(name) ?? [];
    this.handlers.set(name, called.filter((h) => !h.once));
    for (const { handler } of called) handler(event);
  }
}
