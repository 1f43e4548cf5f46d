import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { Role } from './caller.js';

export const NEEDED_ROLE = 'stellwerk:needed-role';
export const ABOUT = 'stellwerk:about';

/** The least role, or how it follows from the body. */
export type NeededRole = Role | ((body: unknown) => Role);

/**
 * Which part of the path says what flow an order is about: the flow's name, a run's id, an approval's id. `nothing`: it changes nothing, and
 * is about all flows.
 */
export type About = { flow: string } | { run: string } | { approval: string } | 'nothing';

/**
 * The least role that may use a route; reading needs `viewer`. An order that says nothing of what it is `about` is none for people whose
 * token is for flows with certain labels.
 */
export const Needs = (role: NeededRole, about?: About): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(NEEDED_ROLE, role), SetMetadata(ABOUT, about));
