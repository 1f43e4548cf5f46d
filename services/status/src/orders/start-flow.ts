import { createHash, randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { cloudEvent, requestId, requestedRunId, subjects, type RunRequested } from '@stellwerk/contracts';
import { Resources } from '@stellwerk/config';
import { Database, OutboxRelay, type Enqueued, type OutboxMessage } from '@stellwerk/database';
import { readInputs, type Flow } from '@stellwerk/flows';
import { eventMessage } from '@stellwerk/messaging';
import { failpoint, messageOf, traceHeaders } from '@stellwerk/service-kit';
import type { Caller } from '../access/caller.js';
import { AuditRepository } from '../audit/audit.repository.js';
import { ProblemError } from '../http/problem.js';
import { RunRequestsRepository } from './run-requests.repository.js';

export interface StartOrder {
  flow: string;
  inputs: Record<string, unknown>;
  caller: Caller;
  /** What the person calls this order; undefined = nobody will repeat it. */
  key?: string;
}

export interface Started {
  run: string;
  duplicate: boolean;
}

const hashOf = (inputs: Record<string, unknown>): string =>
  createHash('sha256').update(JSON.stringify(Object.entries(inputs).sort(([one], [other]) => (one < other ? -1 : 1)))).digest('hex');

/**
 * Takes a person's order to start a flow: audit log, key and the event that the router starts the run from, in one transaction. From its
 * commit on the run will start, whether or not the broker is there just now.
 */
@Injectable()
export class StartFlow {
  private readonly log = new Logger(StartFlow.name);

  constructor(
    private readonly resources: Resources,
    private readonly database: Database,
    private readonly requests: RunRequestsRepository,
    private readonly audit: AuditRepository,
    private readonly outbox: OutboxRelay,
  ) {}

  /** @throws ProblemError 404 unknown flow; 422 inputs that do not fit, each of them, or a key that was used with others */
  async run(order: StartOrder): Promise<Started> {
    const flow = this.flowOf(order.flow);
    const id = requestId(flow.name, order.key ?? randomUUID());
    const run = requestedRunId(flow.name, id);
    if (await this.isKnown(order)) return { run, duplicate: true };
    refuseFaults(flow, order.inputs);
    const enqueued = await this.write(order, id, run);
    if (!enqueued) return { run, duplicate: true };
    failpoint('status.start-committed');
    await this.outbox.publish(enqueued).catch((error: unknown) => this.log.warn({ run, reason: messageOf(error) }, 'start.not-published'));
    this.log.log({ flow: flow.name, run, by: order.caller.name }, 'start.ordered');
    return { run, duplicate: false };
  }

  private flowOf(name: string): Flow {
    const { flows } = this.resources.current();
    if (Object.hasOwn(flows, name)) return flows[name]!;
    throw new ProblemError(404, `There is no flow "${name}".`);
  }

  /** Before the inputs are looked at: the flow may have changed since the key was first used. */
  private async isKnown({ flow, key, inputs }: StartOrder): Promise<boolean> {
    const hash = key === undefined ? undefined : await this.requests.find(this.database, flow, key);
    return isSame(hash, inputs);
  }

  /** Undefined when somebody brought the same key at the same moment. */
  private async write({ flow, key, inputs, caller }: StartOrder, id: string, run: string): Promise<Enqueued | undefined> {
    return this.database.transaction(async (tx) => {
      const before = key === undefined ? undefined : await this.requests.take(tx, flow, key, hashOf(inputs));
      if (isSame(before, inputs)) return undefined;
      await this.audit.add(tx, { caller, action: 'flow.run', target: flow, detail: { run, inputs, ...(key !== undefined && { key }) } });
      const data: RunRequested = { flow, run, inputs, by: caller.name, ...(key !== undefined && { key }), occurredAt: new Date().toISOString() };
      return this.outbox.enqueue(tx, [messageFor(id, data)]);
    });
  }
}

/** False when there was none before. @throws ProblemError when it came with other inputs */
const isSame = (before: string | undefined, inputs: Record<string, unknown>): boolean => {
  if (before === undefined) return false;
  if (before === hashOf(inputs)) return true;
  throw new ProblemError(422, 'This Idempotency-Key has started a run of the flow with other inputs. Another run needs another key.');
};

const refuseFaults = (flow: Flow, inputs: Record<string, unknown>): void => {
  const { faults } = readInputs(flow.inputs, inputs);
  if (faults.length === 0) return;
  throw new ProblemError(422, faults.map(({ detail }) => detail).join('; '), faults.map(({ input, detail }) => ({ parameter: `inputs.${input}`, detail })));
};

const messageFor = (id: string, data: RunRequested): OutboxMessage => ({
  ...eventMessage(subjects.event('status', 'run.requested'), cloudEvent({
    id, source: '/services/status', type: 'run.requested', subject: data.run, time: new Date(data.occurredAt), correlationId: data.run, causationId: id, data,
  })),
  trace: traceHeaders(),
});
