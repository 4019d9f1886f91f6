// Runs samples for Node, each as a program of its own in this process: node samples.cjs FILE.
'use strict';

const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');

const load = createRequire(join(__dirname, '../node/'));
const samples = JSON.parse(readFileSync(process.argv[2]));
const quiet = { log() {} };
let passed = 0;

async function run({ id, text }) {
  try {
    const program = new Function('require', 'console', text.replace(/\nmain\(\);\n$/, '\nreturn main();\n'));
    await program(load, quiet);
    passed++;
  } catch (err) {
    console.log(`${id}: ${err.message}`);
  }
}

async function work() {
  for (let next; (next = samples.shift()); ) await run(next);
}

process.chdir(process.env.WORK);
Promise.all(Array.from({ length: 4 }, work)).then(() => console.log(`${passed} passed`));
