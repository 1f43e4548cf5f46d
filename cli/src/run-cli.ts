import { Command, CommanderError } from 'commander';
import { lintCommand } from './lint/lint.command.js';
import { EXIT, UsageError, type Terminal } from './terminal.js';

const VERSION = '0.1.0';

/** Runs one command line; gives the exit code: 0 fine, 1 faults found, 2 called wrongly. */
export const runCli = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  let exitCode: number = EXIT.ok;
  const program = programOn(terminal);
  const commands = [lintCommand(terminal, (code) => (exitCode = code))];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
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

const codeOf = (error: unknown, terminal: Terminal): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof UsageError)) throw error;
  terminal.err(`error: ${error.message}`);
  return EXIT.usage;
};
