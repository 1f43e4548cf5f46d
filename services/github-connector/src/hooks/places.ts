import { Injectable } from '@nestjs/common';
import { Resources, Secrets } from '@stellwerk/config';
import { namedRepositories } from '@stellwerk/flows';
import type { Connection } from '@stellwerk/connector-kit';
import { appJwt } from '../app-jwt.js';
import { API_HEADERS } from '../github.client.js';
import type { Place } from './place.js';

type Set = ReturnType<Resources['current']>;

/** Where the webhooks of a connection are: in its App, in organizations, in repositories that no such webhook covers. */
const placesIn = (set: Set, { name, auth, webhook }: Connection): Place[] => {
  const organizations = webhook?.organizations ?? [];
  const covered = new Set(organizations.map((one) => one.toLowerCase()));
  // An App tells of its repositories itself; others have to be named in the connection.
  const repositories = auth?.app ? (webhook?.repositories ?? []) : namedRepositories(set, name);
  return [
    ...(auth?.app ? [{ kind: 'app' } as const] : []),
    ...organizations.map((organization) => ({ kind: 'organization' as const, name: organization })),
    ...repositories.filter((one) => !covered.has(one.split('/')[0]!.toLowerCase())).map((one) => ({ kind: 'repository' as const, name: one })),
  ];
};

/** The places of webhooks as the configuration is now, and how they are spoken to. */
@Injectable()
export class Places {
  /** A reload makes a new set. */
  readonly #known = new WeakMap<Set, Map<string, Place[]>>();

  constructor(
    private readonly resources: Resources,
    private readonly secrets: Secrets,
  ) {}

  of(connection: Connection): readonly Place[] {
    const set = this.resources.current();
    const known = this.#known.get(set) ?? new Map<string, Place[]>();
    this.#known.set(set, known);
    const places = known.get(connection.name) ?? placesIn(set, connection);
    known.set(connection.name, places);
    return places;
  }

  /** An App's own webhook is asked about with its own signature, all else with the connection's credentials. @throws PermanentError */
  headers({ auth }: Connection, place: Place): Record<string, string> {
    if (place.kind !== 'app' || !auth?.app) return API_HEADERS;
    return { ...API_HEADERS, authorization: `Bearer ${appJwt(auth.app.id, this.secrets.resolve(auth.app.privateKey).reveal(), new Date())}` };
  }
}
