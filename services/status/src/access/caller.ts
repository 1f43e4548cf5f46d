import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { FlowLabels } from './flow-labels.js';

/** From few rights to many; each may do what those before it may. */
export const ROLES = ['viewer', 'operator', 'approver', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Who asks. */
export interface Caller {
  name: string;
  role: Role;
  teams: string[];
  /** May give orders about flows with these labels only; undefined = about all. What a person may see is not held to them. */
  labels?: FlowLabels;
  /** Nobody is known by name: everyone has every right. */
  open?: boolean;
}

/** Everyone, while there are no tokens and the door is open on loopback only. */
export const LOCAL: Caller = { name: 'local', role: 'admin', teams: [], open: true };

export const mayAct = (caller: Caller, needed: Role): boolean => ROLES.indexOf(caller.role) >= ROLES.indexOf(needed);

/** The request with the caller that the guard found. */
export type KnownRequest = FastifyRequest & { caller?: Caller };

/** The caller as a parameter of a route. */
export const Person = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<KnownRequest>();
  if (!caller) throw new Error('a route asks for the caller, but no guard has run');
  return caller;
});
