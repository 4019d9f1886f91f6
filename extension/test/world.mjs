// A browser without a browser: storage, clock and network of a client, all in a test's hands.
import { webcrypto } from "node:crypto";
import { MembersServer } from "./server.mjs";

/** world gives a client something to live in: {server, surroundings, clock, storage, opened}. */
export async function world() {
  const clock = { now: 1_800_000_000 };
  const server = await MembersServer.start("https://share.example", () => clock.server ?? clock.now);
  const network = { down: false, strange: null };
  const listeners = [];
  let record = {};
  const storage = {
    read: async () => structuredClone(record),
    write: async (next) => {
      const before = record;
      record = structuredClone(next);
      for (const listener of listeners) listener(before, structuredClone(record));
    },
    onChange: (listener) => listeners.push(listener),
  };
  const waits = [];
  const surroundings = {
    storage,
    subtle: webcrypto.subtle,
    now: () => clock.now,
    wait: (seconds) => {
      clock.now += seconds;
      waits.push(seconds);
      return server.onWait?.(waits.length);
    },
    fetch: async (address, { method, body }) => {
      if (network.down) throw new TypeError("Failed to fetch");
      if (network.strange) return network.strange;
      const url = new URL(address);
      const { status, body: answer } = await server.answer(method, url.pathname, body ?? url.searchParams);
      return Response.json(answer, { status });
    },
  };
  const opened = [];
  globalThis.open = (url) => opened.push(url);
  return { server, surroundings, clock, network, storage, waits, opened };
}
