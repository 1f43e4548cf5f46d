import { describeActions } from '@stellwerk/connector-kit/conformance';
import { sendCase } from '../../spec/action-cases.js';
import { webhook } from '../../spec/subjects.js';

describeActions(webhook, [sendCase]);
