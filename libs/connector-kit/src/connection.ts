import type { Resources } from '@stellwerk/config';

/** A connection as the config hands it out. */
export type Connection = ReturnType<Resources['current']>['connections'][string];
