import type { Provider } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { BackgroundWork } from '../background/background-work.js';
import { FlowRevisionsRepository } from './flow-revisions.repository.js';

const EVERY_MS = 5_000;

/** Writes down what is in force, at the start and after each change; while the store is away it tries again. */
export class KeepRevisions extends BackgroundWork {
  static provider: Provider = {
    provide: KeepRevisions,
    inject: [Resources, FlowRevisionsRepository],
    useFactory: (resources: Resources, revisions: FlowRevisionsRepository) => new KeepRevisions(resources, revisions),
  };

  constructor(resources: Resources, revisions: FlowRevisionsRepository) {
    let kept: string | undefined;
    super('flow-revisions', EVERY_MS, async () => {
      const { revision, flows } = resources.current();
      if (revision === kept) return;
      await revisions.putInForce(Object.values(flows));
      kept = revision;
    });
    resources.onChange(() => this.wake());
  }
}
