import { Injectable } from '@nestjs/common';

/** What this process knows of its own dispatches that wait in the table, so that it need not look for them all the time. */
@Injectable()
export class Agenda {
  readonly #lanes = new Set<string>();
  #listener: (at: number) => void = () => undefined;

  onDue(listener: (at: number) => void): void {
    this.#listener = listener;
  }

  /** A dispatch is due then, in ms since 1970 on this process's clock. */
  due(at: number): void {
    this.#listener(at);
  }

  /** A dispatch of ours waits for the lane. */
  waitsFor(lane: string): void {
    this.#lanes.add(lane);
  }

  isAwaited(lane: string): boolean {
    return this.#lanes.has(lane);
  }

  /** Nobody waits for the lane any more. */
  forget(lane: string): void {
    this.#lanes.delete(lane);
  }
}
