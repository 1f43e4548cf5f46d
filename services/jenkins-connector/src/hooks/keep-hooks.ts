import { Injectable } from '@nestjs/common';
import { finding, PublicHooks, type ConnectionCalls, type HookKeeper } from '@stellwerk/connector-kit';
import type { Finding, HookChange } from '@stellwerk/contracts';

/** Jenkins has no list of whom it notifies: it can only be told by hand, and seen by what comes. */
@Injectable()
export class JenkinsHooks implements HookKeeper {
  constructor(private readonly hooks: PublicHooks) {}

  /** The whole instance: who is notified is said in each job. */
  places(): string[] {
    return ['jobs'];
  }

  async check({ connection }: ConnectionCalls, place: string): Promise<Finding[]> {
    return [finding(place, 'unknown', 'Jenkins does not show whom its jobs notify: see the last webhook', `stellwerk connections setup ${connection.name} says what to do`)];
  }

  async setUp({ connection: { name, webhook } }: ConnectionCalls, place: string): Promise<HookChange> {
    const address = this.hooks.addressOf(name);
    const lines = [
      ...((webhook?.secrets.length ?? 0) > 0 ? [`signed, in the Jenkinsfile: a step that sends each build's start and end to ${address} (docs/how-to/connect-jenkins.md#send-signed-events)`] : []),
      ...((webhook?.tokens.length ?? 0) > 0 ? [`or the Notification plugin, in each job: JSON, HTTP, all events, to ${address}?token=<one of webhook.tokens>; as a credential of kind "secret text", so that the job does not show it`] : []),
    ];
    return { place, action: 'by-hand', lines: lines.length > 0 ? lines : ['give the connection webhook.secrets (signed) or webhook.tokens (Notification plugin) first'], done: false };
  }
}
