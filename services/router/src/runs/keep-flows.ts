import { Injectable } from '@nestjs/common';
import { awaitedTemplates, type Flow } from '@stellwerk/flows';
import { EventWaitsRepository } from '../waits/event-waits.repository.js';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';

/** Keeps what runs of flows rely on: the flows' revisions, and what keys of events that they wait for are made by. */
@Injectable()
export class KeepFlows {
  constructor(
    private readonly revisions: FlowRevisionsRepository,
    private readonly waits: EventWaitsRepository,
  ) {}

  /** Before the transaction in which runs of them start. */
  async run(flows: Iterable<Flow>): Promise<void> {
    const all = [...new Set(flows)];
    await Promise.all([this.revisions.keep(all), this.waits.keepTemplates(all.flatMap(awaitedTemplates))]);
  }
}
