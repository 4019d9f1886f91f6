// The samples of the documentation, taken from its pages and run as they are printed there: each must end well and print
// what the page says that it does. Ruby's run with the standard library and what ../ruby has in the place of Stripe's.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { required, runTests, test } from './tests.mjs';

const url = required('SDK_URL');
const ca = required('SDK_CA');
const here = fileURLToPath(new URL('.', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'samples-'));
process.on('exit', () => rmSync(work, { recursive: true }));

const run = promisify(execFile);
const env = { ...process.env, CURL_CA_BUNDLE: ca, NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: ca, NODE_PATH: join(here, 'node_modules') };

// Libraries of Python and Ruby trust a file of their own, which the start of the documentation says how to change. In
// Debian's of Python, which is older, exceptions are in a module below.
const inPython = `
import runpy, sys, stripe
stripe.ca_bundle_path = ${JSON.stringify(ca)}
if not hasattr(stripe, "CardError"):
    stripe.CardError, stripe.InvalidRequestError = stripe.error.CardError, stripe.error.InvalidRequestError
runpy.run_path(sys.argv[1])
`;

const languages = {
  curl: { file: 'sh', start: (file) => run('bash', ['-e', file], { env, cwd: work }) },
  node: { file: 'cjs', start: (file) => run('node', [file], { env }) },
  // In this directory the library is that of the module's.
  go: { file: 'go', start: (file) => run('go', ['run', file], { env, cwd: here }) },
  python: { file: 'py', start: (file) => run('/usr/bin/python3', ['-c', inPython, file], { env }) },
  ruby: { file: 'rb', start: (file) => run('ruby', ['-I', join(here, '../ruby'), '-r', 'stripe', '-e', `Stripe.ca_bundle_path = ${JSON.stringify(ca)}; load ARGV[0]`, file], { env }) },
};

// has reports whether a language is there to run samples of. CI has all of them.
function has(lang) {
  if (lang !== 'ruby' || process.env.CI) return true;
  try {
    execFileSync('ruby', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log('   Ruby is not there: its samples are not run');
    return false;
  }
}

const there = Object.keys(languages).filter(has);
const read = (name) => JSON.parse(readFileSync(new URL(`../../internal/web/docs/compiled/${name}.json`, import.meta.url)));
const compiled = read('docs');

const wanted = process.argv.slice(2); // the pages to run; all if none is named

for (const page of [...compiled.Groups.flatMap((group) => group.Pages), ...compiled.Errors]) {
  const { Samples: samples } = read(`pages/${page.Slug}`);
  if (!samples || (wanted.length && !wanted.includes(page.Slug))) continue;
  const text = await (await fetch(`${url}/docs/${page.Slug}.md`)).text();
  for (const { Lang: lang, Prints: prints } of samples) {
    if (!there.includes(lang)) continue;
    test(`${page.Slug}, ${lang}`, async () => {
      const [, sample] = text.match(new RegExp(`^\`\`\`${lang}\\n([^]*?)^\`\`\``, 'm'));
      const file = join(work, `${page.Slug.replace('/', '-')}.${languages[lang].file}`);
      writeFileSync(file, sample);
      const { stdout } = await languages[lang].start(file);
      assert.ok(prints && stdout.includes(prints), `it does not print ${prints}:\n${stdout}`);
    });
  }
}

await runTests(2);
