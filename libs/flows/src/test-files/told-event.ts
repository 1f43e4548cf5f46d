import { PLATFORMS } from '@stellwerk/contracts';
import { z } from 'zod';
import { oneOf } from '../schema/shapes.js';
import { change, data, id, run, word } from './happenings.js';

/** What a platform told, as it lies in EVENTS, or as tests have it; keys of a newer version are left as they are. */
const toldEvent = z.looseObject({
  ...data, id: id.optional(), fact: id.optional(), platform: oneOf(PLATFORMS), connection: word, run: run.loose().optional(), change: change.loose().optional(),
  hook: word.optional(), correlation: word.optional(), causedBy: word.optional(),
});

export type ToldData = z.output<typeof toldEvent>;

/** The fields of a platform's event from outside, read as those of tests are; or what is wrong, each with its field. */
export const readToldEvent = (value: Record<string, unknown>): { told: ToldData } | { faults: string[] } => {
  const { success, data: told, error } = toldEvent.safeParse(value);
  return success ? { told } : { faults: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}, got ${shown(path.reduce(part, value))}`) };
};

const part = (value: unknown, key: PropertyKey): unknown => (value as Record<PropertyKey, unknown> | undefined)?.[key];

const LONGEST = 60;

const shown = (value: unknown): string => {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json;
};
