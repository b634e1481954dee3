/**
 * Hash table from object id to its place in a list of ids that lie back to back: 8 bytes a slot, the place + 1 and
 * four bytes of the id, so that a slot of another id is passed over without a look at the list.
 */

let list: usize = 0;
let idBytes: u32 = 20;
let slots: usize = 0;
let mask: u32 = 0;
let seed: u32 = 0;

/** Lays the table over `count` ids; `size` slots, a power of two, lie at `area`. `secret` mixes the hash. */
export function fillOidTable(oids: usize, count: u32, bytes: u32, area: usize, size: u32, secret: u32): void {
  list = oids;
  idBytes = bytes;
  slots = area;
  mask = size - 1;
  seed = secret;
  memory.fill(area, 0, <usize>size << 3);
  for (let i: u32 = 0; i < count; i++) {
    const at = oids + <usize>i * bytes;
    let slot = hash(at) & mask;
    while (load<u32>(slots + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (<usize>slot << 3), i + 1);
    store<u32>(slots + (<usize>slot << 3), load<u32>(at, 16), 4);
  }
}

export function oidBytes(): u32 {
  return idBytes;
}

/** Place of the id at `at`; -1 when it is not in the list. Of one that is there twice, the first. */
export function findOid(at: usize): i32 {
  const tail = load<u32>(at, 16);
  let slot = hash(at) & mask;
  let there = slots + (<usize>slot << 3);
  let place = load<u32>(there);
  while (place != 0) {
    if (load<u32>(there, 4) == tail && isSameId(list + <usize>(place - 1) * idBytes, at)) return place - 1;
    slot = (slot + 1) & mask;
    there = slots + (<usize>slot << 3);
    place = load<u32>(there);
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function isSameId(a: usize, b: usize): bool {
  if (load<u64>(a) != load<u64>(b) || load<u64>(a, 8) != load<u64>(b, 8)) return false;
  if (idBytes == 20) return load<u32>(a, 16) == load<u32>(b, 16);
  return load<u64>(a, 16) == load<u64>(b, 16) && load<u64>(a, 24) == load<u64>(b, 24);
}

/** Ids are uniform already; the seed and the mixing are against those that somebody chose. */
// @ts-ignore: decorator
@inline
function hash(at: usize): u32 {
  let h: u32 = ((load<u32>(at) ^ seed) * 0x9e3779b1) ^ ((load<u32>(at, 8) + seed) * 0x85ebca6b);
  h ^= h >> 15;
  h *= 0xc2b2ae35;
  return h ^ (h >> 13);
}
