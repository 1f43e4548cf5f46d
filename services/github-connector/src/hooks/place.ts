import { PermanentError } from '@stellwerk/service-kit';
import { repositoryPath } from '../github.client.js';

/** What has webhooks. An App has one of its own, which tells of all its installations. */
export type Place = { kind: 'repository' | 'organization'; name: string } | { kind: 'app' };

/** `repository:acme/shop`, `organization:acme`, `app`. */
export const sourceOf = (place: Place): string => (place.kind === 'app' ? 'app' : `${place.kind}:${place.name}`);

/** @throws PermanentError for a text that `sourceOf` never gives */
export const placeOf = (source: string): Place => {
  if (source === 'app') return { kind: 'app' };
  const [kind, name] = [source.slice(0, source.indexOf(':')), source.slice(source.indexOf(':') + 1)];
  if ((kind !== 'repository' && kind !== 'organization') || name === '') throw new PermanentError(`"${source}" is no place of webhooks`);
  return { kind, name };
};

/** For people. */
export const shown = (place: Place): string => (place.kind === 'app' ? 'the App' : place.name);

/** @throws PermanentError for a name that is none */
export const hooksPath = (place: Exclude<Place, { kind: 'app' }>): string => {
  if (place.kind === 'repository') return `${repositoryPath(place.name)}/hooks`;
  if (!/^[\w.-]+$/.test(place.name) || /^\.+$/.test(place.name)) throw new PermanentError(`organization "${place.name}" is no name`);
  return `/orgs/${place.name}/hooks`;
};

/** The path of one webhook; an App needs no id. */
export const hookPath = (place: Place, id: string): string => (place.kind === 'app' ? '/app/hook' : `${hooksPath(place)}/${encodeURIComponent(id)}`);
