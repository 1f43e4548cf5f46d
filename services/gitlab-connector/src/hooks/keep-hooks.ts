import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import { finding, PublicHooks, Refused, type Connection, type ConnectionCalls, type HookKeeper } from '@stellwerk/connector-kit';
import type { Finding, HookChange } from '@stellwerk/contracts';
import { namedRepositories, wantedEvents } from '@stellwerk/flows';
import { gitlabHookSwitches } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { readHooks, writeHook, type HookAnswer } from './hooks.client.js';
import { judgeHooks, planHook, type WantedHook } from './judge-hook.js';

/** Pipelines that flows start are told by it, whatever else they wait for. */
const AT_LEAST = ['pipeline_events'];
const PERMISSION = 'scope api, and the role Maintainer in the project (Owner in a group)';

/** The webhooks that lead to a connection: how they are, and how they get as they should be. */
@Injectable()
export class GitlabHooks implements HookKeeper {
  constructor(
    private readonly hooks: PublicHooks,
    private readonly secrets: Secrets,
    private readonly resources: Resources,
  ) {}

  places({ connection: { name, webhook } }: ConnectionCalls): string[] {
    const groups = webhook?.organizations ?? [];
    const projects = namedRepositories(this.resources.current(), name).filter((project) => !groups.some((group) => project.toLowerCase().startsWith(`${group.toLowerCase()}/`)));
    return [...groups.map((group) => `organization:${group}`), ...projects];
  }

  async check(calls: ConnectionCalls, place: string): Promise<Finding[]> {
    const wanted = this.#wanted(calls.connection, place);
    if (!wanted) return [];
    try {
      return judgeHooks(place, await readHooks(calls, place), wanted, `stellwerk connections setup ${calls.connection.name} --repository ${place}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [finding(place, 'unknown', `its webhooks cannot be seen: ${error.message}`, `is the name right? The token needs ${PERMISSION}`)];
    }
  }

  async setUp(calls: ConnectionCalls, place: string, dryRun: boolean): Promise<HookChange> {
    const wanted = this.#wanted(calls.connection, place);
    if (!wanted || !(wanted.signed || wanted.tokens)) throw new PermanentError('the connection has neither webhook.secrets nor webhook.tokens: give one first');
    const hook = (await readHooks(calls, place)).find((one) => wanted.isOurs(one));
    const { lines, wish } = planHook(hook, wanted, this.#proofs(calls.connection));
    const action = lines.length === 0 ? 'none' : hook ? 'change' : 'create';
    if (action === 'none' || dryRun) return { place, action, lines, done: false };
    await writeHook(calls, place, hook?.id, wish);
    return { place, action, lines, done: true };
  }

  /** The first of each: the newest, where secrets are rotated. */
  #proofs({ webhook }: Connection): { signingToken?: string; token?: string } {
    const [signing, token] = [webhook?.secrets[0], webhook?.tokens[0]];
    return { ...(signing && { signingToken: this.secrets.resolve(signing).reveal() }), ...(token && { token: this.secrets.resolve(token).reveal() }) };
  }

  /** Undefined: nobody has said where we are. */
  #wanted({ name, webhook }: Connection, place: string): WantedHook | undefined {
    const address = this.hooks.addressOf(name);
    if (address === undefined) return undefined;
    const types = wantedEvents(this.resources.current().flows, name, place.startsWith('organization:') ? undefined : place);
    return {
      address, switches: [...new Set([...AT_LEAST, ...gitlabHookSwitches(types)])],
      signed: (webhook?.secrets.length ?? 0) > 0, tokens: (webhook?.tokens.length ?? 0) > 0,
      isOurs: ({ url }: HookAnswer) => this.hooks.leadsTo(name, url), wasOurs: ({ url }: HookAnswer) => this.hooks.seemsMeantFor(name, url),
    };
  }
}
