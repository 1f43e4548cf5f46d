import { cronFault, zoneFault } from '../schedule/cron.js';
import type { ResourceSource } from './resource-source.js';
import type { Path } from './yaml-source.js';

/** A cron expression and its time zone, wherever they stand. What is no text, or empty, the schema has found. */
export const checkClock = (source: ResourceSource, values: { cron: unknown; zone: unknown }, paths: { cron: Path; zone: Path }): void => {
  for (const [key, faultOf] of [['cron', cronFault], ['zone', zoneFault]] as const) {
    const value = values[key];
    const fault = typeof value === 'string' && value !== '' ? faultOf(value) : undefined;
    if (fault !== undefined) source.report(paths[key], fault);
  }
};
