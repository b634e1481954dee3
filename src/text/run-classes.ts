/** Byte tables of the encodings that are found by their alphabet. */

/** Value of a base64 character of either alphabet; 255 for all other bytes. */
export const base64Value: Uint8Array = new Uint8Array(256).fill(255);
/** Value of a hex digit; 255 for all other bytes. */
export const hexDigitValue: Uint8Array = new Uint8Array(256).fill(255);
/** 1 for bytes that may stand in a percent-encoded run unescaped (RFC 3986), `%` included. */
export const urlByte: Uint8Array = new Uint8Array(256);

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < alphabet.length; i++) base64Value[alphabet.charCodeAt(i)] = i;
base64Value[0x2d] = 62;
base64Value[0x5f] = 63;

for (let i = 0; i < 10; i++) hexDigitValue[0x30 + i] = i;
for (let i = 0; i < 6; i++) {
  hexDigitValue[0x41 + i] = 10 + i;
  hexDigitValue[0x61 + i] = 10 + i;
}

for (let i = 0; i < alphabet.length; i++) urlByte[alphabet.charCodeAt(i)] = 1;
for (const byte of Buffer.from('%-._~:?#[]@!$&*;=')) urlByte[byte] = 1;
