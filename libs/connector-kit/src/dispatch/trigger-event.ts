import { cloudEvent, connectorOf, subjects, type CloudEvent, type Platform, type TriggerEventType, type TriggerResult } from '@stellwerk/contracts';
import type { Dispatch } from './dispatch.types.js';

export type TriggerOutcome = Partial<Pick<TriggerResult, 'repository' | 'pipeline' | 'platformRun' | 'platformRunKey' | 'followed' | 'repeats' | 'outputs' | 'rejection' | 'reason'>>;

type Told = Pick<Dispatch, 'command' | 'commandId'> & Partial<Pick<Dispatch, 'fence'>>;

/** Delays may be told more than once, each under a fence of its own. */
const idOf = (type: TriggerEventType, { commandId, fence }: Told): string => `${commandId}:${type.split('.')[1]}${type === 'trigger.delayed' ? `:${fence}` : ''}`;

/** What a connector says about a command; the id comes from the command, so saying it again is the same event. */
export const triggerEvent = (type: TriggerEventType, dispatch: Told, outcome: TriggerOutcome, now: Date): CloudEvent<TriggerResult> => {
  const { command, commandId } = dispatch;
  return cloudEvent<TriggerResult>({
    id: idOf(type, dispatch),
    source: `/services/${connectorOf(command.platform)}`,
    type,
    subject: commandId,
    time: now,
    correlationId: command.run,
    causationId: commandId,
    data: {
      command: commandId, run: command.run, flow: command.flow, step: command.step, purpose: command.purpose,
      connection: command.connection, platform: command.platform, occurredAt: now.toISOString(), ...outcome,
    },
  });
};

export const triggerSubject = (platform: Platform, type: TriggerEventType): string => subjects.event(platform, type);
