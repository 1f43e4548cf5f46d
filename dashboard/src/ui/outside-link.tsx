/** @jsxImportSource preact */
import type { ComponentChildren, JSX } from 'preact';
import { linkable } from './format.js';

/** A link to a platform, or only its text when the address is not one to be followed. */
export const OutsideLink = ({ url, children }: { url: string | null | undefined; children: ComponentChildren }): JSX.Element => {
  const href = linkable(url);
  if (href === undefined) return <span>{children}</span>;
  return <a class="outside" href={href} target="_blank" rel="noreferrer noopener">{children}</a>;
};
