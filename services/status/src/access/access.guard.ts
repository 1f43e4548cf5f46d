import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemError, TOKEN_NEEDED } from '../http/problem.js';
import { Access } from './access.js';
import { mayAct, type Caller, type KnownRequest } from './caller.js';
import { crossSiteFault } from './cross-site.js';
import { FlowScope } from './flow-scope.js';
import { ABOUT, NEEDED_ROLE, type About, type NeededRole } from './needs.js';

/** Who may use which route of the door. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly access: Access, private readonly reflector: Reflector, private readonly scope: FlowScope) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<KnownRequest>();
    const caller = this.access.callerOf(request.headers.authorization);
    if (!caller) throw new ProblemError(401, TOKEN_NEEDED);
    const fault = crossSiteFault(request.method, request.headers);
    if (fault) throw new ProblemError(403, fault);
    await this.hold(caller, request, context);
    request.caller = caller;
    return true;
  }

  /** @throws ProblemError where the caller's role, or labels, are not enough */
  private async hold(caller: Caller, request: KnownRequest, context: ExecutionContext): Promise<void> {
    const said = this.said<NeededRole>(NEEDED_ROLE, context) ?? 'viewer';
    const needed = typeof said === 'function' ? said(request.body) : said;
    if (!mayAct(caller, needed)) throw new ProblemError(403, `${caller.name} is ${caller.role}; this needs ${needed} or more.`);
    if (needed !== 'viewer') await this.scope.check(caller, this.said<About>(ABOUT, context), request.params as Record<string, string>);
  }

  private said<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }
}
