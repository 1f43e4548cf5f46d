/** Not shown where Markdown is rendered, and kept by GitHub and GitLab alike. */
const markOf = (commandId: string): string => `<!-- stellwerk ${commandId} -->`;

/** A text in Markdown that tells which command wrote it. */
export const withMark = (text: string, commandId: string): string => `${text}\n\n${markOf(commandId)}`;

/** True when this command wrote the text. */
export const bearsMark = (text: string | null | undefined, commandId: string): boolean => text?.includes(markOf(commandId)) ?? false;
