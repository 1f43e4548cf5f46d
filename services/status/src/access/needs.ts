import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Role } from './caller.js';

export const NEEDED_ROLE = 'stellwerk:needed-role';

/** The least role that may use a route; reading needs `viewer`. */
export const Needs = (role: Role): CustomDecorator => SetMetadata(NEEDED_ROLE, role);
