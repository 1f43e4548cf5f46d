import type { Fields } from '@stellwerk/connector-kit';
import { PermanentError } from '@stellwerk/service-kit';

/** The id in the field `run`, which may also be the address of the run, as `steps.<name>.run.url` has it. @throws PermanentError */
export const runIdIn = (fields: Fields): string => {
  const text = fields.text('run');
  const id = /^(?:https?:\/\/[^\s?#]+\/actions\/runs\/)?(\d{1,20})(?:\/attempts\/\d+)?$/.exec(text)?.[1];
  if (id === undefined) throw new PermanentError(`run "${text}" is neither the id of a workflow run nor its address`);
  return id;
};
