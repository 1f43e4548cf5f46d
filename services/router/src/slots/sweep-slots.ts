import { Injectable } from '@nestjs/common';
import { Database } from '@stellwerk/database';
import { SettleSlots } from './settle-slots.js';
import { SlotsRepository } from './slots.repository.js';

const AT_ONCE = 200;

/**
 * Looks page by page at all slots for which somebody waits: whoever gave a place back may have died before it gave it on, and an environment
 * may take more than it did.
 */
@Injectable()
export class SweepSlots {
  #seen = '';

  constructor(
    private readonly database: Database,
    private readonly slots: SlotsRepository,
    private readonly settle: SettleSlots,
  ) {}

  async run(): Promise<void> {
    const page = await this.slots.page(this.database, this.#seen, AT_ONCE);
    this.#seen = page.length < AT_ONCE ? '' : page.at(-1)!.slot;
    await this.settle.run(page);
  }
}
