import { dirname, join } from 'node:path/posix';
import type { FlowTest } from '@stellwerk/flows';
import { isRecorded, lowerCase, type Recording } from './told-events.js';

/** The text of a file. Rejects with why there is none. */
export type ReadText = (path: string) => Promise<string>;

/** The recorded deliveries of a test, by their place among its events; one that cannot be read is a fault of the test. */
export const loadRecordings = async (test: FlowTest, read: ReadText): Promise<Map<number, Recording>> => {
  const recordings = new Map<number, Recording>();
  for (const [at, event] of test.spec.events.entries()) {
    if (!isRecorded(event)) continue;
    try {
      recordings.set(at, recordingOf(JSON.parse(await read(join(dirname(test.file), event.recorded)))));
    } catch (error) {
      test.report(['events', at, 'recorded'], `${event.recorded} cannot be read: ${(error as Error).message}`);
    }
  }
  return recordings;
};

/** A payload alone, or with its headers around it: `{ headers, body }`. Throws where there is no payload: translators read objects only. */
export const recordingOf = (value: unknown): Recording => {
  const { headers, body, ...more } = (value ?? {}) as Partial<Recording>;
  const isWhole = headers !== undefined && isObject(headers) && body !== undefined && Object.keys(more).length === 0;
  const recording = isWhole ? { headers: lowerCase(headers), body } : { headers: {}, body: value };
  if (!isObject(recording.body)) throw new Error('expected a payload, a JSON object, alone or as { "headers": {…}, "body": {…} }');
  return recording;
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
