/** A text that a platform takes at most `most` characters of: cut, with a mark that it was. */
export const cutTo = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
