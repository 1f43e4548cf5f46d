import { Injectable, type INestApplication, type OnModuleInit } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

export const DOCS_PATH = '/api/docs';

const description = `What Stellwerk knows of runs, events, flows and connections, and the orders a person may give.
Lists are \`{ "items": [...], "next": cursor or null }\`; errors are RFC 9457 problem documents.`;

const config = new DocumentBuilder().setTitle('Stellwerk status API').setDescription(description).setVersion('1').addBearerAuth().build();

/** The OpenAPI page, made from the controllers and their classes. */
@Injectable()
export class ApiDocs implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly modules: ModulesContainer,
    private readonly applicationConfig: ApplicationConfig,
  ) {}

  onModuleInit(): void {
    const app = this.app();
    SwaggerModule.setup(DOCS_PATH, app, () => SwaggerModule.createDocument(app, config), { customSiteTitle: 'Stellwerk API' });
  }

  /** The parts of the application that the generator reads: the application itself is not in reach of a provider. */
  private app(): INestApplication {
    const container = { getModules: () => this.modules, isGlobalModule: () => false };
    return { container, config: this.applicationConfig, getHttpAdapter: () => this.adapter.httpAdapter } as unknown as INestApplication;
  }
}
