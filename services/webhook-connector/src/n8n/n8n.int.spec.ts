import { describeActions } from '@stellwerk/connector-kit/conformance';
import { runWebhookCase } from '../../spec/action-cases.js';
import { n8n } from '../../spec/subjects.js';

describeActions(n8n, [runWebhookCase]);
