// A service of nothing but a door, run as a process of its own by the specs; written without decorators, as it is not compiled.
import { Controller, Get, Module } from '@nestjs/common';
import { ConfigFault, DOOR, SpanKind, inSpan, startService } from '@stellwerk/service-kit';

class HelloController {
  hello() {
    return inSpan('hello', { kind: SpanKind.SERVER }, () => inSpan('inner', {}, async () => ({ hello: true })));
  }
}
Get('/hello')(HelloController.prototype, 'hello', Object.getOwnPropertyDescriptor(HelloController.prototype, 'hello'));
Controller()(HelloController);

const door = () => {
  if (process.env.FAULTY) throw new ConfigFault(['FIRST is wrong', 'SECOND is wrong']);
  return { port: Number(process.env.DOOR_PORT ?? 0), host: '127.0.0.1', portVariable: 'DOOR_PORT' };
};

class FixtureModule {}
Module({ controllers: [HelloController], providers: [{ provide: DOOR, useFactory: door }] })(FixtureModule);

await startService('ingress', FixtureModule);
