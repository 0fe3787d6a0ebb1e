/** The first bytes of an HDF5 file, apart from what reads it, which most who look at them do not need. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether bytes are an HDF5 file. */
export const isHdf5 = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, at) => bytes[at] === byte);

/** The signature, for files that are written. */
export const signature = (): Uint8Array => Uint8Array.from(SIGNATURE);
