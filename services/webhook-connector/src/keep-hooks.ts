import { Injectable } from '@nestjs/common';
import { finding, PublicHooks, type ConnectionCalls, type HookKeeper } from '@stellwerk/connector-kit';
import type { Finding, HookChange } from '@stellwerk/contracts';

/** These platforms send what their users wrote into a workflow or an automation: it can only be told by hand, and seen by what comes. */
@Injectable()
export class SmallPlatformHooks implements HookKeeper {
  constructor(private readonly hooks: PublicHooks) {}

  /** The sender as a whole; nothing where the connection takes no hooks. */
  places({ connection: { webhook } }: ConnectionCalls): string[] {
    return (webhook?.secrets.length ?? 0) + (webhook?.tokens.length ?? 0) > 0 ? ['sender'] : [];
  }

  async check({ connection }: ConnectionCalls, place: string): Promise<Finding[]> {
    return [finding(place, 'unknown', `${connection.platform} does not show whom it tells: see the last webhook`, `stellwerk connections setup ${connection.name} says what to do`)];
  }

  async setUp({ connection: { name, platform, webhook } }: ConnectionCalls, place: string): Promise<HookChange> {
    const address = this.hooks.addressOf(name);
    const lines = [
      ...((webhook?.tokens.length ?? 0) > 0 ? [`POST run reports to ${address} with the header "Authorization: Bearer <one of webhook.tokens>"`] : []),
      ...((webhook?.secrets.length ?? 0) > 0 ? [`POST run reports to ${address}, signed by Standard Webhooks with one of webhook.secrets`] : []),
      `what a run report of ${platform} is: docs/reference/run-report.md`,
    ];
    return { place, action: 'by-hand', lines, done: false };
  }
}
