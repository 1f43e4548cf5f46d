import { Command } from 'commander';
import { isGood } from '@stellwerk/trial';
import { EXIT, type Terminal } from '../terminal.js';
import { asJson, asText, summary } from './format.js';
import { testDirectory } from './test-directory.js';

/** `stellwerk test DIR`. */
export const testCommand = (terminal: Terminal, exit: (code: number) => void): Command =>
  new Command('test')
    .description('Run the *.test.yaml beside flows: given events and answers, the runs that follow; nothing is triggered')
    .argument('<dir>', 'config directory')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', '\nExit: 0 = all passed, 1 = a test failed or a file has faults, 2 = called wrongly')
    .action(async (dir: string, options: { json?: boolean }) => {
      const report = await testDirectory(dir);
      if (options.json) terminal.out(asJson(report));
      else {
        for (const line of asText(report)) terminal.out(line);
        (isGood(report) ? terminal.out : terminal.err)(summary(report));
      }
      exit(isGood(report) ? EXIT.ok : EXIT.faults);
    });
