import { parseCommandId } from '@stellwerk/contracts';

/** The input, variable or parameter that carries a command's id to the platform and back. */
export const CORRELATION_NAME = 'STELLWERK_ID';

const EMBEDDED = /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}:[^\s:]{1,100}:(?:run|rollback):\d{1,9}/;

/** The text when it is a command id; undefined for anything else a sender may write there. */
export const correlationOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= 256 && parseCommandId(value) ? value : undefined;

/** A command id within a text, e.g. GitHub's `run-name: deploy ${{ inputs.STELLWERK_ID }}`. */
export const correlationWithin = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : EMBEDDED.exec(value)?.[0];
