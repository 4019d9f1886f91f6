// Runs named tests, a few at a time, tells what failed, and ends the process accordingly.

const tests = [];

export function test(name, run) {
  tests.push({ name, run });
}

// runTests runs them. Most of a payment's time is waiting for banks, so that many can run at once.
export async function runTests(atOnce = 1) {
  let failed = 0;
  const waiting = tests.values();
  const take = async () => {
    for (const { name, run } of waiting) {
      try {
        await run();
      } catch (error) {
        failed++;
        console.error(`FAIL ${name}\n${indented(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  process.exitCode = failed || tests.length === 0 ? 1 : 0;
}

// indented shows an error with what the API said of it.
function indented(error) {
  const { statusCode, requestId, raw } = error;
  const api = statusCode ? ` (status ${statusCode}, ${requestId}, ${JSON.stringify(raw)})` : '';
  return `${error.stack ?? error}${api}`.replace(/^/gm, '    ');
}

// required is an environment variable that sdk/run sets.
export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: use 'make sdk'`);
  return value;
}

// host is how the SDK is told where the API is. Retries would hide what is tested, and telemetry is noise.
export function host(url) {
  const { protocol, hostname, port } = new URL(url);
  return { protocol: protocol.replace(':', ''), host: hostname, port, maxNetworkRetries: 0, telemetry: false };
}

// refused runs what must be refused and returns the SDK's error.
export async function refused(promise) {
  let answer;
  try {
    answer = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`this should have been refused, but was answered: ${JSON.stringify(answer)}`);
}

// eventually asks again until the answer holds. The server's timers run every second, and banks take a few.
export async function eventually(what, ask, holds) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not so after 30 s: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
