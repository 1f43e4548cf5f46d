import { Injectable } from '@nestjs/common';
import type { Secrets } from '@stellwerk/config';
import type { Connection, ConnectionCalls, ConnectorAction, ConnectorAdapter, PolledRun, StartedRun, Target } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';
import { tokenHeaders } from '../credentials.js';
import { calledBackRun } from './called-back-run.js';
import { SendAction } from './send.action.js';

const NAME = /^stellwerk-[0-9a-f]{40}$/;

/** Any receiver of signed JSON. It tells of an end by a call back, or never: there is nothing to ask. */
@Injectable()
export class WebhookAdapter implements ConnectorAdapter {
  readonly platform = 'webhook';
  readonly actions: readonly ConnectorAction[] = [new SendAction()];
  readonly withoutAuth = 'it has no auth and needs none: what it sends is signed with webhook.secrets';

  credentials(connection: Connection, secrets: Secrets): Record<string, string> {
    return tokenHeaders(connection, secrets);
  }

  async cancel(): Promise<void> {
    throw new PermanentError('what a webhook has started cannot be cancelled from here');
  }

  /** A person names it by the `webhook-id` that the receiver has seen. */
  async describe({ connection }: ConnectionCalls, _target: Target, runId: string): Promise<StartedRun | undefined> {
    return NAME.test(runId) ? calledBackRun(connection, runId) : undefined;
  }

  async poll(): Promise<PolledRun[]> {
    return [];
  }
}
