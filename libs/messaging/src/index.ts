export { connectNats } from './connection.js';
export { JETSTREAM } from './jetstream.js';
export { MessagingModule } from './messaging.module.js';
export { eventMessage, type OutgoingMessage } from './outgoing-message.js';
export { Publisher, type Published } from './publisher.js';
export { ReceivedMessage } from './received-message.js';
export { RouterClient } from './router.client.js';
export { declareTopology, verifyTopology, type DeclareReport } from './topology.js';
