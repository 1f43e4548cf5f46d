/** So many statements of a process get a name. Texts that are put together at run time must not fill the server's memory. */
const MOST_NAMED = 250;

const names = new Map<string, string>();

/**
 * The name under which a statement is prepared, once a connection: parsing and planning cost the server more than
 * running most of ours does. Undefined = not prepared.
 */
export const statementName = (sql: string): string | undefined => {
  const known = names.get(sql);
  if (known !== undefined || names.size >= MOST_NAMED) return known;
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
};
