// Runs named tests one after the other, tells what failed, and ends the process accordingly.

const tests = [];

export function test(name, run) {
  tests.push({ name, run });
}

export async function runTests() {
  let failed = 0;
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failed++;
      console.error(`FAIL ${name}\n${indented(error)}`);
    }
  }
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
