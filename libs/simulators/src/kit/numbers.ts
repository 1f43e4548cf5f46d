/** A number that a name always has: ids of repositories, users and workflows. */
export const numberOf = (name: string): number => {
  let hash = 2166136261;
  for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
  return 1000 + (hash % 900_000_000);
};
