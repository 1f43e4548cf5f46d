import { Injectable } from '@nestjs/common';

/** How many hooks are being taken right now, for whoever can wait until there are fewer. */
@Injectable()
export class IntakeLoad {
  #now = 0;

  get now(): number {
    return this.#now;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#now += 1;
    try {
      return await work();
    } finally {
      this.#now -= 1;
    }
  }
}
