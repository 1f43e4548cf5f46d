import { closeSync, openSync, writeSync } from 'node:fs';

/** Lines of one turn of the event loop are written by one call; who has to know that a line is on disk waits for `saved`. */
export class AppendFile {
  private handle: number;
  private waiting: string[] = [];
  private writing: Promise<void> | undefined;
  /** Written since it was opened. */
  bytes = 0;

  constructor(readonly file: string) {
    this.handle = openSync(file, 'a');
  }

  add(line: string): void {
    this.waiting.push(line);
    this.writing ??= new Promise((resolve) => {
      setImmediate(() => {
        this.writing = undefined;
        this.flush();
        resolve();
      });
    });
  }

  /** Resolves when every line added before is with the operating system: a kill of this process cannot lose it any more. */
  saved(): Promise<void> {
    return this.writing ?? Promise.resolve();
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    const text = `${this.waiting.join('\n')}\n`;
    this.waiting = [];
    this.bytes += text.length;
    writeSync(this.handle, text);
  }

  /** After the file was replaced under its name. */
  reopen(): void {
    closeSync(this.handle);
    this.handle = openSync(this.file, 'a');
    this.bytes = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.handle);
  }
}
