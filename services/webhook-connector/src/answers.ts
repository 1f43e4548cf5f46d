import type { Outputs } from '@stellwerk/contracts';
import { Refused, describe, type ConnectionCalls } from '@stellwerk/connector-kit';
import { MalformedResponse, type HttpResponse } from '@stellwerk/http';

/** @throws Refused, in the words of `who` */
export const expectStatus = (response: HttpResponse, who: string, ...statuses: number[]): HttpResponse => {
  if (!statuses.includes(response.status)) throw new Refused(response.status, `${who} refuses: ${describe(response)}`);
  return response;
};

/** What a read gives; undefined where there is none of that name or id. @throws Refused, ReadFailed */
export const readJson = async <T>(calls: ConnectionCalls, path: string, of: { who: string; none?: readonly number[] }): Promise<T | undefined> => {
  const response = await calls.read(path);
  if ((of.none ?? [404]).includes(response.status)) return undefined;
  return expectStatus(response, of.who, 200).json<T>();
};

/** The answer to what was taken; undefined when it cannot be read: it was taken all the same, and the run has to be looked up. */
export const legible = <T>(response: HttpResponse): T | undefined => {
  try {
    return response.json<T>();
  } catch (error) {
    if (error instanceof MalformedResponse) return undefined;
    throw error;
  }
};

/** The JSON object of an answer, for later steps; undefined where it is none. */
export const objectIn = (response: HttpResponse): Outputs | undefined => asObject(legible<unknown>(response));

export const asObject = (value: unknown): Outputs | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Outputs) : undefined;
