import { environmentOf, type Place, type ResourceSet } from '@stellwerk/flows';

/** A group's limit is that of the run's own flow; an environment's is the one in force, none when that is gone. */
export const withLimits = (places: readonly Place[], { environments }: ResourceSet): Place[] => places.map((place) => {
  const environment = environmentOf(place);
  return environment === undefined ? place : { ...place, limit: environments[environment]?.concurrency ?? Number.MAX_SAFE_INTEGER };
});
