import { Injectable } from '@nestjs/common';
import { TakeCensus } from '../runs/take-census.js';
import { ForgetOld } from './forget-old.js';

/** What every sweep does that moves no run. */
@Injectable()
export class Upkeep {
  constructor(
    private readonly census: TakeCensus,
    private readonly inbox: ForgetOld,
  ) {}

  async run(): Promise<void> {
    await this.census.run();
    await this.inbox.run();
  }
}
