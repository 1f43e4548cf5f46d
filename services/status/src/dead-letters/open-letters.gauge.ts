import { Injectable } from '@nestjs/common';
import { CONSUMERS } from '@stellwerk/contracts';
import { Metrics } from '@stellwerk/service-kit';
import { BackgroundWork } from '../background/background-work.js';
import { DeadLettersRepository } from './dead-letters.repository.js';

const EVERY_MS = 15_000;

/** Letters nobody has decided about yet; more than none is somebody's work. */
@Injectable()
export class OpenLettersGauge extends BackgroundWork {
  private readonly gauge;

  constructor(metrics: Metrics, private readonly letters: DeadLettersRepository) {
    super('open-letters', EVERY_MS, () => this.measure());
    this.gauge = metrics.gauge('stellwerk_status_open_dead_letters', 'Dead letters neither replayed nor purged', ['consumer']);
  }

  async measure(): Promise<void> {
    const open = new Map((await this.letters.countOpen()).map(({ consumer, letters }) => [consumer, letters]));
    for (const { name: consumer } of CONSUMERS) this.gauge.set({ consumer }, open.get(consumer) ?? 0);
  }
}
