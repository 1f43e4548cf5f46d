import { cloudEvent, subjects, type ApprovalChanged, type Command, type RunChanged } from '@stellwerk/contracts';
import type { OutboxMessage } from '@stellwerk/database';
import { snapshotOf, type Effect, type Flow, type RunRecord } from '@stellwerk/flows';
import { eventMessage } from '@stellwerk/messaging';

const SOURCE = '/services/router';

/** A command as it goes to COMMANDS. */
export const commandMessage = (id: string, command: Command, cause: string): OutboxMessage =>
  eventMessage(subjects.command(command.platform, command.connection, command.action), cloudEvent({
    id, source: SOURCE, type: `command.${command.action}`, subject: command.run, time: new Date(),
    correlationId: command.run, causationId: cause, data: command,
  }));

/** The run as it is now, as it goes to EVENTS. */
export const runMessage = (run: RunRecord, flow: Flow, effect: Extract<Effect, { kind: 'event' }>, cause: string): OutboxMessage => {
  const { step, previous, moved, awaits } = effect;
  const data: RunChanged = { run: snapshotOf(run, flow), ...(step !== undefined && { step }), ...(previous !== undefined && { previous }), moved, ...(awaits && { awaits }) };
  return eventMessage(subjects.event('router', effect.type), cloudEvent({
    id: `${run.id}:${run.version}`, source: SOURCE, type: effect.type, subject: run.id, time: new Date(),
    correlationId: run.id, causationId: cause, data,
  }));
};

/** An approval as it is now, with its run, as it goes to EVENTS. */
export const approvalMessage = (run: RunRecord, flow: Flow, { type, approval }: Extract<Effect, { kind: 'approval' }>, cause: string): OutboxMessage =>
  eventMessage(subjects.event('router', type), cloudEvent<ApprovalChanged>({
    id: `${approval.id}:${approval.version}`, source: SOURCE, type, subject: approval.id, time: new Date(),
    correlationId: run.id, causationId: cause, data: { approval, run: snapshotOf(run, flow) },
  }));
