// QR codes (ISO/IEC 18004): text as bytes, error correction M, which survives a thumb on the screen. A code holds 2,331 bytes at
// the most; addresses that are longer have none.

const capacity = 40; // versions, each four modules larger than the one before

// For each version: how many bytes of correction a block has, and how many blocks there are.
const correction = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28];
const blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49];

/**
 * encode returns the rows of a code, true for black, without the white margin of four that belongs around it.
 * @param {string} text
 * @returns {boolean[][] | null}  null if the text is too long
 */
export function encode(text) {
  const bytes = new TextEncoder().encode(text);
  const version = fitting(bytes.length);
  if (!version) return null;
  const words = interleave(fill(bytes, version), version);
  let best = null;
  for (let mask = 0; mask < masks.length; mask++) {
    const modules = draw(version, words, mask);
    const cost = penalty(modules);
    if (!best || cost < best.cost) best = { cost, modules };
  }
  return best.modules;
}

const room = (version) => Math.floor(free(version) / 8) - correction[version - 1] * blocks[version - 1];
const lengthBits = (version) => (version < 10 ? 8 : 16);

function fitting(length) {
  for (let version = 1; version <= capacity; version++) {
    if (12 + (version < 10 ? 0 : 8) + length * 8 <= room(version) * 8) return version;
  }
  return 0;
}

// fill puts the bytes into the words of a version: what they are, how many, they themselves, and what fills the rest.
function fill(bytes, version) {
  const bits = [];
  const put = (value, count) => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, lengthBits(version));
  for (const byte of bytes) put(byte, 8);
  const size = room(version) * 8;
  put(0, Math.min(4, size - bits.length));
  while (bits.length % 8) bits.push(0);
  for (let padding = 0xec; bits.length < size; padding ^= 0xec ^ 0x11) put(padding, 8);
  return Array.from({ length: size / 8 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8).join(""), 2));
}

// interleave splits the words into blocks, corrects each, and writes them in turn, so that a spot on the code hurts each a little.
function interleave(words, version) {
  const count = blocks[version - 1];
  const short = Math.floor(words.length / count);
  const longer = words.length % count;
  const data = [];
  for (let i = 0, at = 0; i < count; i++) {
    const size = short + (i < count - longer ? 0 : 1);
    data.push(words.slice(at, (at += size)));
  }
  const generator = polynomial(correction[version - 1]);
  const checks = data.map((block) => remainder(block, generator));
  const turns = (rows) => Array.from({ length: Math.max(...rows.map(({ length }) => length)) }, (_, i) => rows.map((row) => row[i])).flat();
  return [...turns(data), ...turns(checks)].filter((word) => word !== undefined);
}

// Reed and Solomon's arithmetic is that of the field of 256 elements, in which adding is XOR.
const exp = [];
const log = [];
for (let i = 0, x = 1; i < 255; i++) {
  exp[i] = x;
  log[x] = i;
  x = x < 128 ? x * 2 : (x * 2) ^ 0x11d;
}
const times = (a, b) => (a && b ? exp[(log[a] + log[b]) % 255] : 0);

function polynomial(degree) {
  let terms = [1];
  for (let i = 0; i < degree; i++) {
    terms = [...terms, 0].map((term, at) => term ^ (at ? times(terms[at - 1], exp[i]) : 0));
  }
  return terms.slice(1);
}

function remainder(block, generator) {
  const rest = generator.map(() => 0);
  for (const word of block) {
    const factor = word ^ rest.shift();
    rest.push(0);
    generator.forEach((term, i) => (rest[i] ^= times(term, factor)));
  }
  return rest;
}

const sizeOf = (version) => 17 + 4 * version;

// free is how many modules a version has for data.
function free(version) {
  const size = sizeOf(version);
  const align = positions(version).length;
  const patterns = align ? align * align - 3 : 0;
  const shared = align > 2 ? (align - 2) * 2 : 0; // patterns that lie on the timing lines
  return size * size - 3 * 64 - 2 * (size - 16) - 31 - patterns * 25 + shared * 5 - (version >= 7 ? 36 : 0);
}

// positions are the centres of the alignment patterns, along one side.
function positions(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = sizeOf(version) - 7;
  const step = version === 32 ? 26 : Math.ceil((last - 6) / (count - 1) / 2) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => last - step * (count - 2 - i))];
}

const masks = [
  (x, y) => (x + y) % 2,
  (x, y) => y % 2,
  (x) => x % 3,
  (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2,
  (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function draw(version, words, mask) {
  const size = sizeOf(version);
  const modules = Array.from({ length: size }, () => new Array(size).fill(null));
  patterns(modules, version);
  signs(modules, version, mask);
  let bit = 0;
  for (const [x, y] of path(size)) {
    if (modules[y][x] !== null) continue;
    const black = bit < words.length * 8 && (words[bit >> 3] >> (7 - (bit & 7))) & 1;
    modules[y][x] = Boolean(black) !== (masks[mask](x, y) === 0);
    bit++;
  }
  return modules;
}

// patterns are what readers find a code by: three eyes, the lines between them, and the small eyes.
function patterns(modules, version) {
  const size = modules.length;
  for (let i = 8; i < size - 8; i++) modules[6][i] = modules[i][6] = i % 2 === 0;
  const eye = (cx, cy, radius, white) => {
    for (let y = cy - radius; y <= cy + radius; y++) {
      for (let x = cx - radius; x <= cx + radius; x++) {
        const distance = Math.max(Math.abs(x - cx), Math.abs(y - cy));
        if (modules[y]?.[x] !== undefined) modules[y][x] = !white.includes(distance);
      }
    }
  };
  for (const [x, y] of [[3, 3], [size - 4, 3], [3, size - 4]]) eye(x, y, 4, [2, 4]);
  const centres = positions(version);
  const last = centres.length - 1;
  centres.forEach((x, i) =>
    centres.forEach((y, j) => {
      const taken = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
      if (!taken) eye(x, y, 2, [1]);
    }),
  );
}

// protect adds to a number the rest of its division, as the codes of the signs do.
function protect(value, bits, divisor) {
  let rest = value << bits;
  for (let i = 31 - Math.clz32(rest); i >= bits; i = 31 - Math.clz32(rest)) rest ^= divisor << (i - bits);
  return (value << bits) | rest;
}

// signs say in the code itself how it is corrected, how it is masked, and, from version 7 on, how large it is.
function signs(modules, version, mask) {
  const size = modules.length;
  const format = protect(mask, 10, 0x537) ^ 0x5412; // correction M is 0
  const bit = (value, i) => ((value >> i) & 1) === 1;
  for (let i = 0; i < 15; i++) {
    const black = bit(format, i);
    const along = i < 6 ? i : i < 8 ? i + 1 : size - 15 + i;
    const other = i < 8 ? size - 1 - i : i === 8 ? 7 : 14 - i;
    modules[along][8] = black;
    modules[8][other] = black;
  }
  modules[size - 8][8] = true;
  if (version < 7) return;
  const written = protect(version, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)];
    modules[a][b] = modules[b][a] = bit(written, i);
  }
}

// path is the way through a code: up and down in columns of two, from the right, around the timing line.
function* path(size) {
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--;
    for (let i = 0; i < size; i++) {
      const y = up ? size - 1 - i : i;
      yield [right, y];
      yield [right - 1, y];
    }
  }
}

// penalty is how hard a code is to read: long runs, blocks of one colour, what looks like an eye, more of one colour.
function penalty(modules) {
  const size = modules.length;
  const columns = modules.map((_, x) => modules.map((row) => row[x]));
  let cost = 0;
  for (const line of [...modules, ...columns]) cost += runs(line) + eyes(line);
  for (let y = 0; y < size - 1; y++) {
    for (let x = 0; x < size - 1; x++) {
      const colour = modules[y][x];
      if (colour === modules[y][x + 1] && colour === modules[y + 1][x] && colour === modules[y + 1][x + 1]) cost += 3;
    }
  }
  const black = modules.flat().filter(Boolean).length;
  return cost + 10 * Math.floor(Math.abs((black * 100) / (size * size) - 50) / 5);
}

function runs(line) {
  let cost = 0;
  for (let i = 0, start = 0; i <= line.length; i++) {
    if (i < line.length && line[i] === line[start]) continue;
    if (i - start >= 5) cost += i - start - 2;
    start = i;
  }
  return cost;
}

function eyes(line) {
  const text = line.map((black) => (black ? "1" : "0")).join("");
  let cost = 0;
  for (const eye of ["10111010000", "00001011101"]) {
    for (let at = text.indexOf(eye); at >= 0; at = text.indexOf(eye, at + 1)) cost += 40;
  }
  return cost;
}
