const TELLING_LEVELS = new Set(['error', 'fatal']);

/** What we read of a log line of a service. */
interface LogLine {
  level?: string;
  msg?: string;
  reason?: string;
  err?: { message?: string };
}

const parsed = (line: string): LogLine | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined; // Not every line is JSON: servers and crashes write plain text.
  }
};

const readable = (line: string): string | undefined => {
  const json = parsed(line);
  if (!json) return line;
  if (!TELLING_LEVELS.has(json.level ?? '')) return undefined;
  return [json.msg, json.reason ?? json.err?.message].filter(Boolean).join(': ');
};

/** The lines of a log that tell a person why: errors of a service, and everything that is plain text. */
export const tellingLines = (log: string, count = Infinity): string[] =>
  log.split('\n').filter((line) => line.trim() !== '').map(readable).filter((line) => line !== undefined).slice(-count);

/** The one line to quote of a process that ended by itself; Node prints the error in the middle of its last words. */
export const mainLine = (log: string): string | undefined => {
  const lines = tellingLines(log, 30);
  return (lines.find((line) => /^\S*Error\b/.test(line)) ?? lines.at(-1))?.trim().slice(0, 200);
};
