import { createInterface } from 'node:readline/promises';
import { runCli } from './run-cli.js';

// `stellwerk lint … | head` closes our end of the pipe: that is the reader's choice, not our failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** The answer to a question is a line; anything but y is no. */
const ask = async (question: string): Promise<boolean> => {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question(question).finally(() => reader.close());
  return /^y(es)?$/i.test(answer.trim());
};

process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
});
