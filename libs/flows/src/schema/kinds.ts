import type { z } from 'zod';
import { channel, environment } from './channel-and-environment.js';
import { connection } from './connection.js';
import { flow } from './flow.js';

/** Every kind of resource and its schema. */
export const KINDS = { Connection: connection, Flow: flow, Channel: channel, Environment: environment } as const;

export type Kind = keyof typeof KINDS;

export const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** A resource of a kind after its schema took it: defaults filled in, durations in milliseconds. */
export type Parsed<K extends Kind> = z.output<(typeof KINDS)[K]>;
