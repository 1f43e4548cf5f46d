import { Injectable } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { PlatformEvent, runId, type ExplainEvent, type ExplainReply, type FlowExplanation } from '@stellwerk/contracts';
import { explainFlow, type EventContext } from '@stellwerk/flows';
import { validated } from '@stellwerk/service-kit';

/** A message takes a megabyte; the rest of it is small. */
const PAGE_BYTES = 512 * 1024;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The explanation itself, or with as many of its triggers as fit. */
const fitting = (explanation: FlowExplanation): FlowExplanation => {
  const triggers: FlowExplanation['triggers'] = [];
  let left = PAGE_BYTES - bytesOf({ ...explanation, triggers });
  for (const trigger of explanation.triggers) {
    left -= bytesOf(trigger);
    if (left < 0) return { ...explanation, triggers, more: explanation.triggers.length - triggers.length };
    triggers.push(trigger);
  }
  return explanation;
};

/** What the flows in force make of an event. */
@Injectable()
export class ExplainFlows {
  constructor(private readonly resources: Resources) {}

  /** Throws PermanentError when the data is no event of a platform. */
  run({ data, after = '', ...named }: ExplainEvent): ExplainReply {
    const event: EventContext = { ...validated(PlatformEvent, data), ...named };
    const { revision, flows } = this.resources.current();
    const names = Object.keys(flows).sort().filter((name) => name > after);
    const items: FlowExplanation[] = [];
    let left = PAGE_BYTES;
    for (const name of names) {
      const item = fitting(this.#explain(name, event));
      left -= bytesOf(item);
      if (left < 0 && items.length > 0) return { revision, items, next: items.at(-1)!.flow };
      items.push(item);
    }
    return { revision, items, next: null };
  }

  #explain(name: string, event: EventContext): FlowExplanation {
    const explanation = explainFlow(this.resources.current().flows[name]!, event);
    return explanation.matched === undefined ? explanation : { ...explanation, run: runId(name, explanation.matched, event.fact) };
  }
}
