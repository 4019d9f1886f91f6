// A server of a test's own, which can be stopped and started again with what it knows. It has the certificate authority of
// the server that all tests use, so that whoever trusts that trusts this one.
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** client calls the API of a server as a seller's server does. An error of the API is thrown. */
export const client = (url, key) => async (method, path, params = {}) => {
  const sent = { method, headers: { Authorization: `Bearer ${key}` } };
  if (method === "POST") sent.body = new URLSearchParams(params);
  const answer = await fetch(url + path, sent);
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(body.error)}`);
  return body;
};

let made = 0;

/** database makes one in the PostgreSQL server of the database that DATABASE names; without that, the data is in a file. */
async function database() {
  if (!process.env.DATABASE) return [];
  const name = `own_${process.pid}_${++made}`;
  await promisify(execFile)("psql", [process.env.DATABASE, "-qc", `CREATE DATABASE ${name}`]);
  // A URL with a socket in the place of a host is none to URL.
  return ["--database", process.env.DATABASE.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`)];
}

/** liveClient calls the API of a server in live mode, with a key that is made for it. */
export async function liveClient(server) {
  const made = await promisify(execFile)(process.env.BIN, ["keys", "create", "--env", "live", "--json", "--data", server.data]);
  return client(server.url, JSON.parse(made.stdout).secret);
}

/** serve starts one. It ends with the test. */
export async function serve(t, ...flags) {
  const data = await mkdtemp(join(tmpdir(), "server-"));
  await cp(process.env.E2E_TLS, join(data, "tls"), { recursive: true });
  const server = { child: null, data };
  const where = await database();
  t.after(async () => {
    server.child?.kill("SIGKILL");
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  });
  server.start = async () => {
    const address = server.url ? new URL(server.url).host : "127.0.0.1:0";
    server.child = spawn(process.env.BIN, ["serve", "--data", data, "--https", address, "--log-level", "warn", ...where, ...flags], { stdio: ["ignore", "pipe", "inherit"] });
    const said = {};
    for await (const line of createInterface({ input: server.child.stdout })) {
      const row = line.match(/^ {2}(API|Plain HTTP|Secret key|Publishable) +(.*)$/);
      if (row) said[row[1]] = row[2];
      if (line.includes("/dashboard/set-up?")) server.setUp = line.trim();
      if (line.startsWith("  Go ")) break;
    }
    server.url ??= said.API;
    server.key ??= said["Secret key"];
    server.plain = said["Plain HTTP"];
    server.publishable ??= said.Publishable;
    server.call ??= client(server.url, server.key);
  };
  server.stop = async () => {
    const ended = new Promise((exited) => server.child.once("exit", exited));
    server.child.kill("SIGTERM");
    await ended;
  };
  await server.start();
  return server;
}

/** seller starts one whose members pay for real, and another one that stands for Stripe, which takes their cards. */
export async function seller(t) {
  const bank = await serve(t, "--http", "127.0.0.1:0");
  const server = await serve(t, "--live", "--stripe-key", bank.key, "--stripe-publishable-key", bank.publishable, "--stripe-url", bank.plain);
  return { bank, server, call: await liveClient(server) };
}
