import { describeConformance, describeSettling } from '@stellwerk/connector-kit/conformance';
import { argoCd } from '../../spec/subjects.js';

describeConformance(argoCd);
describeSettling(argoCd);
