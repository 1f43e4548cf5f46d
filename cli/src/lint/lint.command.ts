import { Command } from 'commander';
import type { LintReport } from '@stellwerk/trial';
import { EXIT, type Terminal } from '../terminal.js';
import { lint } from './lint.js';
import { asJson, asText, summary } from './format.js';

interface LintOptions {
  json?: boolean;
  requireSecrets?: boolean;
}

/** `stellwerk lint DIR`. */
export const lintCommand = (terminal: Terminal, exit: (code: number) => void): Command =>
  new Command('lint')
    .description('Check a config directory: every fault at once, as path:line:column: message')
    .argument('<dir>', 'directory of resource files, or one file')
    .option('--json', 'print one JSON object instead of text')
    .option('--require-secrets', 'a secret that is not set is a fault, not a warning')
    .addHelpText('after', '\nExit: 0 = valid, 1 = faults, 2 = called wrongly')
    .action(async (dir: string, options: LintOptions) => {
      const result = await lint(dir, options.requireSecrets ? 'error' : 'warning');
      print(result, options, terminal);
      exit(result.errors === 0 ? EXIT.ok : EXIT.faults);
    });

const print = (result: LintReport, options: LintOptions, terminal: Terminal): void => {
  if (options.json) return terminal.out(asJson(result));
  for (const line of asText(result)) terminal.out(line);
  if (result.errors === 0) terminal.out(summary(result));
  else terminal.err(summary(result));
};
