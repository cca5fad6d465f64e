// MD5 (RFC 1321). Datasets list it as the checksum of a file and browsers do not have it; it protects nothing here.

import { hex } from "./fingerprint.js";

const SHIFTS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
const SINES = Uint32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32));

/** The MD5 of bytes, as hexadecimal digits. */
export function md5(bytes) {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const whole = bytes.length - (bytes.length % 64);
  const words = new Int32Array(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < whole; at += 64) block(state, words, view, at);
  // The rest, a one bit, zeros, and the length in bits.
  const rest = new Uint8Array(bytes.length - whole < 56 ? 64 : 128);
  rest.set(bytes.subarray(whole));
  rest[bytes.length - whole] = 0x80;
  const end = new DataView(rest.buffer);
  end.setUint32(rest.length - 8, (bytes.length * 8) % 2 ** 32, true);
  end.setUint32(rest.length - 4, Math.floor(bytes.length / 2 ** 29), true);
  for (let at = 0; at < rest.length; at += 64) block(state, words, end, at);
  return hex(new Uint8Array(state.buffer));
}

/** State is kept little-endian, as every processor that runs a browser is. */
function block(state, words, view, at) {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + i * 4, true);
  let [a, b, c, d] = state;
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    let mixed = (b & c) | (~b & d);
    let word = i;
    if (round === 1) {
      mixed = (d & b) | (~d & c);
      word = (5 * i + 1) & 15;
    } else if (round === 2) {
      mixed = b ^ c ^ d;
      word = (3 * i + 5) & 15;
    } else if (round === 3) {
      mixed = c ^ (b | ~d);
      word = (7 * i) & 15;
    }
    const sum = (a + mixed + SINES[i] + words[word]) | 0;
    const shift = SHIFTS[round][i & 3];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}
