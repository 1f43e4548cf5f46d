import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemError, TOKEN_NEEDED } from '../http/problem.js';
import { Access } from './access.js';
import { mayAct, type KnownRequest, type Role } from './caller.js';
import { crossSiteFault } from './cross-site.js';
import { NEEDED_ROLE } from './needs.js';

/** Who may use which route of the door. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly access: Access, private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const caller = this.access.callerOf(request.headers.authorization);
    if (!caller) throw new ProblemError(401, TOKEN_NEEDED);
    const fault = crossSiteFault(request.method, request.headers);
    if (fault) throw new ProblemError(403, fault);
    const needed = this.reflector.getAllAndOverride<Role | undefined>(NEEDED_ROLE, [context.getHandler(), context.getClass()]) ?? 'viewer';
    if (!mayAct(caller, needed)) throw new ProblemError(403, `${caller.name} is ${caller.role}; this needs ${needed} or more.`);
    request.caller = caller;
    return true;
  }
}
