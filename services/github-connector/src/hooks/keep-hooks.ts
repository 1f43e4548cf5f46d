import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import { finding, PublicHooks, Refused, type Connection, type ConnectionCalls, type HookKeeper } from '@stellwerk/connector-kit';
import type { Finding, HookChange } from '@stellwerk/contracts';
import { wantedEvents } from '@stellwerk/flows';
import { githubHookEvents } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { readHooks, writeHook, type At, type HookAnswer } from './hooks.client.js';
import { judgeHooks, planHook, type WantedHook } from './judge-hook.js';
import { placeOf, shown, sourceOf, type Place } from './place.js';
import { Places } from './places.js';

/** Runs that flows start are told by it, whatever else they wait for. */
const AT_LEAST = ['workflow_run'];
const PERMISSION = 'repository permission "Webhooks" (repository_hooks), read and write; with a classic token the scope admin:repo_hook';

/** The webhooks that lead to a connection: how they are, and how they get as they should be. */
@Injectable()
export class GithubHooks implements HookKeeper {
  constructor(
    private readonly known: Places,
    private readonly hooks: PublicHooks,
    private readonly secrets: Secrets,
    private readonly resources: Resources,
  ) {}

  places({ connection }: ConnectionCalls): string[] {
    return this.known.of(connection).map((place) => (place.kind === 'repository' ? place.name : sourceOf(place)));
  }

  async check(calls: ConnectionCalls, text: string): Promise<Finding[]> {
    const place = read(text);
    const wanted = this.#wanted(calls.connection, place);
    if (!wanted) return [];
    try {
      return judgeHooks(shown(place), await readHooks(this.#at(calls, place)), wanted, mendOf(calls.connection, place));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return [finding(shown(place), 'unknown', `its webhooks cannot be seen: ${error.message}`, `is the name right? The credentials need ${PERMISSION}`)];
    }
  }

  async setUp(calls: ConnectionCalls, text: string, dryRun: boolean): Promise<HookChange> {
    const place = read(text);
    const wanted = this.#wanted(calls.connection, place);
    const secret = calls.connection.webhook?.secrets[0];
    if (!wanted || !secret) throw new PermanentError('the connection has no webhook.secrets: give one first');
    const at = this.#at(calls, place);
    const hook = (await readHooks(at)).find((one) => wanted.isOurs(one));
    const { lines, wish } = planHook(hook, place.kind === 'app' ? { ...wanted, events: [] } : wanted, this.secrets.resolve(secret).reveal());
    const action = lines.length === 0 ? 'none' : hook ? 'change' : 'create';
    if (action === 'none' || dryRun) return { place: text, action, lines, done: false };
    await writeHook(at, hook?.id, wish);
    return { place: text, action, lines, done: true };
  }

  #at(calls: ConnectionCalls, place: Place): At {
    return { calls, place, headers: this.known.headers(calls.connection, place) };
  }

  /** Undefined: nobody has said where we are. */
  #wanted({ name }: Connection, place: Place): WantedHook | undefined {
    const address = this.hooks.addressOf(name);
    if (address === undefined) return undefined;
    const types = wantedEvents(this.resources.current().flows, name, place.kind === 'repository' ? place.name : undefined);
    return {
      address, events: [...new Set([...AT_LEAST, ...githubHookEvents(types)])],
      isOurs: ({ config }: HookAnswer) => this.hooks.leadsTo(name, config?.url), wasOurs: ({ config }: HookAnswer) => this.hooks.seemsMeantFor(name, config?.url),
    };
  }
}

/** `acme/shop` is a repository; the others as `sourceOf` writes them. */
const read = (text: string): Place => (text.includes(':') || text === 'app' ? placeOf(text) : { kind: 'repository', name: text });

/** What an App is sent is set on its page. */
const mendOf = ({ name }: Connection, place: Place): string => place.kind === 'app' ? `stellwerk connections setup ${name}; the events of an App are chosen on its page at GitHub` :
  `stellwerk connections setup ${name}${place.kind === 'repository' ? ` --repository ${place.name}` : ''}`;
