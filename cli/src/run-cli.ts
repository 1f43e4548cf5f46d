import { Command, CommanderError } from 'commander';
import { approveCommand } from './approve/approve.command.js';
import { backtestCommand } from './backtest/backtest.command.js';
import { connectionsCommand } from './connections/connections.command.js';
import { deadLettersCommand } from './dead-letters/dead-letters.command.js';
import { explainCommand } from './explain/explain.command.js';
import { lintCommand } from './lint/lint.command.js';
import { replayCommand } from './replay/replay.command.js';
import { cancelCommand, resolveCommand, retryCommand, rollbackCommand } from './runs/orders.command.js';
import { runCommand } from './runs/run.command.js';
import { runsCommand } from './runs/runs.command.js';
import { sendCommand } from './send/send.command.js';
import { testCommand } from './test/test.command.js';
import { CommandFailed, EXIT, UsageError, type Terminal } from './terminal.js';

const VERSION = '0.1.0';

const COMMANDS = [
  lintCommand, testCommand, explainCommand, backtestCommand,
  runCommand, runsCommand, cancelCommand, retryCommand, rollbackCommand, resolveCommand, approveCommand,
  connectionsCommand, deadLettersCommand, replayCommand, sendCommand,
];

/** Runs one command line; gives the exit code: 0 fine, 1 faults found or not to be done, 2 called wrongly. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode: number = EXIT.ok;
  const program = programOn(terminal);
  const exit = (code: number): void => void (exitCode = code);
  for (const command of COMMANDS) program.addCommand(command(terminal, exit));
  inherit(program);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return codeOf(error, terminal);
  }
};

/** Throws instead of ending the process, and writes where we say. */
const programOn = (terminal: Terminal): Command =>
  new Command('stellwerk')
    .description('Joins CI/CD systems that do not know each other')
    .version(VERSION, '-V, --version')
    .helpCommand(false)
    .showHelpAfterError('(stellwerk --help says more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.replace(/\n$/, '')),
      writeErr: (text) => terminal.err(text.replace(/\n$/, '')),
    });

/** Commands made elsewhere write and end as the program does, at any depth. */
const inherit = (command: Command): void => {
  for (const child of command.commands) inherit(child.copyInheritedSettings(command));
};

const codeOf = (error: unknown, terminal: Terminal): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof UsageError) && !(error instanceof CommandFailed)) throw error;
  terminal.err(`error: ${error.message}`);
  return error instanceof UsageError ? EXIT.usage : EXIT.faults;
};
