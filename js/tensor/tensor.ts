/** Tensors, with their ops as methods: what the floors above import. */
import './methods.js';

export * from './handle.js';
