/**
 * Bytes in memory of their own, which no other thread shares: what `Blob`, requests and files take. Written so that
 * TypeScript before 5.7, whose `Uint8Array` has no parameter, reads it too.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor['from']>;
