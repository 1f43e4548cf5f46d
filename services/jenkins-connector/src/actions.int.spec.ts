import { describeActions } from '@stellwerk/connector-kit/conformance';
import { actionCases } from '../spec/action-cases.js';
import { subject } from '../spec/subject.js';

describeActions(subject, actionCases);
