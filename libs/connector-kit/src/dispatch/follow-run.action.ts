import { Injectable } from '@nestjs/common';
import { FOLLOW_ACTION } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import type { ActionCall, ConnectorAction, Sent, Target } from '../adapter.js';
import { Adapters } from '../adapters.js';
import { Refused } from '../calls/call.errors.js';
import { DispatchRepository } from './dispatch.repository.js';

/** A person said which platform run an UNKNOWN command became: it is read once, then followed like any other. */
@Injectable()
export class FollowRunAction implements ConnectorAction {
  readonly name = FOLLOW_ACTION;
  readonly follows = true;
  readonly repeatable = true;
  readonly secretFields: readonly string[] = [];

  constructor(
    private readonly adapters: Adapters,
    private readonly dispatches: DispatchRepository,
  ) {}

  target(values: Record<string, unknown>): Target {
    if (typeof values.command !== 'string' || typeof values.run !== 'string') throw new PermanentError('follow-run needs `command` and `run`');
    return { repository: '' };
  }

  async exclusive(): Promise<boolean> {
    return false;
  }

  async send(call: ActionCall): Promise<Sent> {
    const { command, run } = call.command.with as { command: string; run: string };
    const dispatch = await this.dispatches.find(command);
    if (!dispatch) throw new PermanentError(`command ${command} was never taken here`);
    const adapter = this.adapters.of(call.command.platform);
    const action = adapter.actions.find(({ name }) => name === dispatch.command.action);
    if (!action) throw new PermanentError(`command ${command} starts no run`);
    const found = await adapter.describe(call.calls, action.target(dispatch.command.with), run);
    if (!found) throw new Refused(404, `the platform has no run ${run}`);
    return { kind: 'accepted', run: found, outputs: action.outputsOf?.(found, dispatch.command) };
  }
}
