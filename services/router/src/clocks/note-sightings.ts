import { Injectable } from '@nestjs/common';
import type { EventContext, FlowMatch } from '@stellwerk/flows';
import type { WorkingSet } from '../work/working-set.js';

/** Notes that events which should not stay away have come: their time counts anew, from when they happened. */
@Injectable()
export class NoteSightings {
  run(set: WorkingSet, event: EventContext, matches: readonly FlowMatch[]): void {
    // A platform whose clock is ahead of ours must not put an alarm off.
    const at = new Date(Math.min(Date.parse(event.occurredAt), Date.now()));
    for (const { flow, trigger: { absent } } of matches) {
      if (absent) set.triggers.saw({ flow: flow.name, id: absent.id, at, dueAt: new Date(at.getTime() + absent.forMs) });
    }
  }
}
