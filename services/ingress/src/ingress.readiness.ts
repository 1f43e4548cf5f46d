import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Readiness } from '@stellwerk/service-kit';

/** A door that can still keep hooks in one of its two stores stays open: it is then that the spool is needed. */
@Injectable()
export class IngressReadiness implements OnModuleInit {
  constructor(private readonly readiness: Readiness) {}

  onModuleInit(): void {
    this.readiness.oneOf(['nats', 'topology'], ['database']);
  }
}
