import { Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../terminal.js';
import { StatusClient, type ApiOptions } from './status.client.js';

export interface JsonOption {
  json?: boolean;
}

const EXITS = '\nExit: 0 = done, 1 = it could not be done, 2 = called wrongly';

/** A command that asks the status service. */
export const apiCommand = (name: string, description: string): Command =>
  new Command(name)
    .description(description)
    .addOption(new Option('--url <url>', 'where the status service is').env('STELLWERK_URL').default('http://127.0.0.1:8081'))
    .addOption(new Option('--token <token>', 'API token, where tokens are asked for').env('STELLWERK_TOKEN'))
    .option('--json', 'print JSON instead of text')
    .addHelpText('after', EXITS);

export const clientOf = ({ url, token }: ApiOptions): StatusClient => {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new UsageError(`--url ${url}: expected an http or https URL`);
  return new StatusClient({ url, token });
};

/** The value of an option that is a count. */
export const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 1');
  return Number(text);
};

/** As the API reads times: `2h` before now, or RFC 3339. */
const TIME = /^(\d{1,6}[smhd]|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))$/;

/** The value of an option that is a time; left as it is for the API, whose clock counts. */
export const timeText = (text: string): string => {
  if (!TIME.test(text) || (text.includes('T') && Number.isNaN(Date.parse(text)))) throw new InvalidArgumentError('expected how long ago, such as 30m, 12h or 7d, or a time such as 2026-11-24T08:00:00Z');
  return text;
};

/** A repeatable option. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];
