export { type CallGate, type CallGateOptions, createCallGate } from './callGate.js';
