import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { SettleSlots } from './settle-slots.js';
import { SlotsRepository } from './slots.repository.js';

const AT_ONCE = 200;
const EVERY_MS = 2_000;

/**
 * Looks page by page at all slots for which somebody waits: whoever gave a place back may have died before it gave it on, and an environment
 * may take more than it did.
 */
@Injectable()
export class SweepSlots {
  #seen = '';
  #next = 0;

  constructor(
    private readonly database: Database,
    private readonly slots: SlotsRepository,
    private readonly settle: SettleSlots,
  ) {}

  /** Does nothing when it has seen them all not long ago: what goes well is not found here. */
  async run(now: number = Date.now()): Promise<void> {
    if (now < this.#next) return;
    const page = await this.slots.page(this.database, this.#seen, AT_ONCE);
    this.#seen = page.length < AT_ONCE ? '' : page.at(-1)!.slot;
    if (page.length < AT_ONCE) this.#next = now + EVERY_MS;
    await this.settle.run(page);
  }
}
