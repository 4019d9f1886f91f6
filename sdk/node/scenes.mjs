// The steps of the guides, run as they are printed: the blocks of shell of a page in one shell, one after the other, on a
// server of the page's own, which is started with the demo account unless the page starts one. A line "#> text" in a block
// is what the commands above it print. Blocks of JavaScript and of modules are read by Node, and not run.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { required, runTests, test } from './tests.mjs';

const bin = required('BIN');
const work = mkdtempSync(join(tmpdir(), 'scenes-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true, maxRetries: 5 }));

// In the place of the program is a function that lets a server run on behind, and waits until it has said where it is.
const prelude = `
servers=()
trap 'code=$?; kill "\${servers[@]}" 2>/dev/null; wait; exit $code' EXIT
curl() { command curl --silent --show-error $failing "$@"; }
sharesmart() {
  if [[ $1 != serve && $1 != mock ]]; then "$BIN" "$@"; return; fi
  local log=server-\${#servers[@]}.log
  "$BIN" "$@" >"$log" 2>&1 &
  servers+=($!)
  until grep -q '^  Go ' "$log"; do kill -0 \${servers[-1]} || { cat "$log" >&2; return 1; }; sleep 0.05; done
  export CURL_CA_BUNDLE=$(sed -n 's/^  CA file  *//p' "$log")
}
`;

// ports are free ones, in the place of those that are printed.
async function ports(printed) {
  const servers = printed.map(() => createServer());
  await Promise.all(servers.map((s) => new Promise((listening) => s.listen(0, '127.0.0.1', listening))));
  const free = servers.map((s) => String(s.address().port));
  await Promise.all(servers.map((s) => new Promise((closed) => s.close(closed))));
  return Object.fromEntries(printed.map((port, i) => [port, free[i]]));
}

// play runs a page. What a page of an error code shows has failed, and any other must not fail.
async function play(slug, blocks) {
  const dir = join(work, slug.replace('/', '-'));
  mkdirSync(dir);
  const here = await ports(['8443', '8080', '8420', '12111', '12112']);
  const begins = blocks.some((block) => /^(\.\/)?sharesmart (serve|mock)/m.test(block));
  const script = [prelude, begins ? '' : 'sharesmart serve --demo', ...blocks].join('\n')
    .replaceAll('localhost', '127.0.0.1')
    .replace(/^(\.\/)?sharesmart (serve|mock)(.*?)( &)?$/gm, 'sharesmart $2$3')
    .replace(/\b(8443|8080|8420|12111|12112)\b/g, (port) => here[port]);
  writeFileSync(join(dir, 'scene.sh'), script);
  const env = {
    ...process.env, BIN: bin, HOME: dir, failing: slug.startsWith('errors/') ? '' : '--fail-with-body', SHARESMART_API_BASE: `https://127.0.0.1:${here[8443]}`,
    SHARESMART_HTTPS: `127.0.0.1:${here[8443]}`, SHARESMART_HTTP_PORT: here[12111], SHARESMART_HTTPS_PORT: here[12112],
  };
  let out;
  try {
    out = (await promisify(execFile)('bash', ['-e', 'scene.sh'], { cwd: dir, env })).stdout;
  } catch (error) {
    throw new Error(`${error.stderr}\n${error.stdout}`);
  }
  let rest = out;
  for (const [, wanted] of script.matchAll(/^ *#> (.*)$/gm)) {
    const at = rest.indexOf(wanted);
    assert.ok(at >= 0, `it does not print "${wanted}", or not in this place:\n${out}`);
    rest = rest.slice(at + wanted.length);
  }
}

// parse lets Node read a block without running it.
function parse(name, i, source) {
  const file = join(work, `${name}-${i}.mjs`);
  writeFileSync(file, source);
  execFileSync('node', ['--check', file], { stdio: 'pipe' });
}

const docs = new URL('../../internal/web/docs/', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`compiled/${name}.json`, docs)));
const { Groups: groups, Errors: errors } = read('docs');
const wanted = process.argv.slice(2); // the pages to run; all if none is named
for (const { Slug: slug } of [...groups.flatMap((group) => group.Pages), ...errors]) {
  if (wanted.length && !wanted.includes(slug)) continue;
  const { Markdown: text } = read(`pages/${slug}`);
  const blocks = (lang) => [...text.matchAll(new RegExp(`^\`\`\`${lang}\\n([^]*?)^\`\`\``, 'gm'))].map((match) => match[1]);
  if (blocks('sh').length) test(`the steps of ${slug}`, () => play(slug, blocks('sh')));
  blocks('js').forEach((source, i) => test(`${slug}, JavaScript ${i + 1}`, () => parse(slug, i, source)));
}

await runTests(2);
