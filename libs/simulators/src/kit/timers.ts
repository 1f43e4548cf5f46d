/** Timers that end with their owner. */
export class Timers {
  private readonly running = new Set<NodeJS.Timeout>();
  closed = false;

  after(milliseconds: number, action: () => void): void {
    if (this.closed) return;
    const timer = setTimeout(
      () => {
        this.running.delete(timer);
        action();
      },
      Math.max(0, milliseconds),
    );
    this.running.add(timer);
  }

  at(time: number, action: () => void): void {
    this.after(time - Date.now(), action);
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  close(): void {
    this.closed = true;
    for (const timer of this.running) clearTimeout(timer);
    this.running.clear();
  }
}
