import type { Fault } from '../fault.js';
import type { Path, Position, YamlSource } from './yaml-source.js';

/** A document, and the faults found in it. */
export class Source {
  readonly faults: Fault[] = [];

  constructor(readonly yaml: YamlSource) {}

  get broken(): boolean {
    return this.faults.some((fault) => fault.severity === 'error');
  }

  /** At the value of `path`, which begins at the document's root. */
  report(path: Path, message: string): void {
    this.at(this.yaml.valueAt(path), message);
  }

  reportKey(path: Path, message: string): void {
    this.at(this.yaml.keyAt(path), message);
  }

  /** At the character `index` of the text at `path`. */
  reportInText(path: Path, index: number, message: string): void {
    this.at(this.yaml.characterAt(path, index), message);
  }

  warn(path: Path, message: string): void {
    this.at(this.yaml.valueAt(path), message, 'warning');
  }

  warnKey(path: Path, message: string): void {
    this.at(this.yaml.keyAt(path), message, 'warning');
  }

  warnInText(path: Path, index: number, message: string): void {
    this.at(this.yaml.characterAt(path, index), message, 'warning');
  }

  private at({ line, column }: Position, message: string, severity: Fault['severity'] = 'error'): void {
    const known = this.faults.some((fault) => fault.line === line && fault.column === column && fault.message === message);
    if (!known) this.faults.push({ file: this.yaml.file, line, column, message, severity });
  }
}
