import { Injectable } from '@nestjs/common';
import { sightingOf, type EventContext, type FlowMatch } from '@stellwerk/flows';
import type { WorkingSet } from '../work/working-set.js';

/** Notes that events which should not stay away have come: their time counts anew, from when they happened. */
@Injectable()
export class NoteSightings {
  run(set: WorkingSet, event: EventContext, matches: readonly FlowMatch[]): void {
    const now = new Date();
    for (const { flow, trigger: { absent } } of matches) {
      if (absent) set.triggers.saw({ flow: flow.name, id: absent.id, ...sightingOf(absent, event, now) });
    }
  }
}
