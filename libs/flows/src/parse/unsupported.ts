/** What the language describes and this version does not do is refused: silently ignored, it would mislead. */
export const NOT_YET = 'not supported yet in this version';
