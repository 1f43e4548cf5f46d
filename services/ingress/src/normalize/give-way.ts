import { Injectable } from '@nestjs/common';
import { IntakeLoad } from '../receive/intake-load.js';

/** More hooks being taken at once than this: senders are waiting for this process. */
const BUSY = 8;

/**
 * Hooks a second that are made into events however many senders wait: what follows ingress routes hardly more, so a
 * rush costs it nothing. Without a limit the door would be at half its speed, as making the events of a hook takes
 * longer than taking it. Where the whole process does not reach this rate, nothing is held back.
 */
const IN_A_RUSH_PER_SECOND = 500;

/** So many may begin at once after a pause, as many as come in one pull. */
const BURST = 32;

const LOOK_EVERY_MS = 5;

/** Lets taking hooks go before making events of them: the one has a sender who waits, the other has 14 days. */
@Injectable()
export class GiveWay {
  readonly #waiting: (() => void)[] = [];
  #left = BURST;
  #at = performance.now();
  #timer?: NodeJS.Timeout;

  constructor(private readonly intake: IntakeLoad) {}

  /** Runs `work` when its turn has come. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#mayBegin()) await this.#turn();
    return work();
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS);
    });
  }

  #look(): void {
    while (this.#waiting.length > 0 && this.#mayBegin()) this.#waiting.shift()!();
    if (this.#waiting.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #mayBegin(): boolean {
    const now = performance.now();
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) / 1_000) * IN_A_RUSH_PER_SECOND);
    this.#at = now;
    const may = this.#left >= 1 || this.intake.now <= BUSY;
    if (may) this.#left = Math.max(0, this.#left - 1);
    return may;
  }
}
