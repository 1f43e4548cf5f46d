import { withMark } from '@stellwerk/connector-kit';

/**
 * A line that begins with a slash is an order to GitLab (`/merge`, `/approve`, `/close`), carried out with the rights of our token; what
 * stands in a comment may come from an event, and so from anybody. Markdown shows `\/` as `/`.
 * https://docs.gitlab.com/user/project/quick_actions/
 */
const withoutOrders = (text: string): string => text.replace(/^([^\S\r\n]*)\//gm, '$1\\/');

/** The text of a comment as it is sent: nothing in it is an order, and it tells which command wrote it. */
export const noteText = (body: string, commandId: string): string => withMark(withoutOrders(body.replace(/\r\n?/g, '\n')), commandId);
