/** Collects `column op $n` conditions and their parameters, so that values never become part of the SQL. */
export class Conditions {
  readonly parameters: unknown[] = [];
  private readonly parts: string[] = [];

  /** `sql` with `?` in the place of the value; without a value, nothing. */
  add(sql: string, value: unknown): this {
    if (value === undefined) return this;
    const placeholder = this.bind(value);
    this.parts.push(sql.replaceAll('?', () => placeholder));
    return this;
  }

  /** A condition without a value. */
  always(sql: string): this {
    this.parts.push(sql);
    return this;
  }

  /** The placeholder of a further parameter. */
  bind(value: unknown): string {
    this.parameters.push(value);
    return `$${this.parameters.length}`;
  }

  get where(): string {
    return this.parts.length > 0 ? `WHERE ${this.parts.join(' AND ')}` : '';
  }
}

/** A prefix for LIKE in which nothing is a wildcard: short commit ids are given. */
export const likePrefix = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${text.replace(/[\\%_]/g, '\\$&')}%`;
