/** What came of going through a list of a platform: all of it was seen, enough was, or there is more than may be read. */
export type Walked = 'whole' | 'stopped' | 'cut';

/** Tells, page by page, whether all of these were on one. */
export const untilSeen = (ids: Iterable<string>): ((page: readonly (string | number)[]) => boolean) => {
  const unseen = new Set(ids);
  return (page) => {
    for (const id of page) unseen.delete(String(id));
    return unseen.size === 0;
  };
};
