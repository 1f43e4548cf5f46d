import { Option, type Command } from 'commander';
import { apiCommand, clientOf, type JsonOption } from '../api/api-command.js';
import type { ApiOptions } from '../api/status.client.js';
import type { Terminal } from '../terminal.js';
import { explain, type ExplainOptions } from './explain.js';
import { asText } from './format.js';

/** `stellwerk explain EVENT`. */
export const explainCommand = (terminal: Terminal): Command =>
  apiCommand('explain', 'Why an event started a flow or did not: each condition, and the values it saw')
    .argument('<event>', 'id of a stored event, or a file: an event, or with --connection a recorded payload')
    .addOption(new Option('--config <dir>', 'ask the flows there, not those in force'))
    .option('--connection <name>', 'the connection by which the payload in the file came')
    .option('--event <name>', 'what the platform calls that payload, as in its event header; by default what it looks like')
    .option('--all', 'also the conditions that hold')
    .action(async (given: string, options: ExplainOptions & ApiOptions & JsonOption & { all?: boolean }) => {
      const explanations = await explain(given, options, () => clientOf(options));
      if (options.json) terminal.out(JSON.stringify(explanations, null, 2));
      else for (const explanation of explanations) for (const line of asText(explanation, options.all ?? false)) terminal.out(line);
    });
