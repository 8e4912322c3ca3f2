// Starts the built program's demo for a test or for screenshots, on a free port
// of 127.0.0.1 and a database of its own, and waits until its first page lists
// an order.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const program = fileURLToPath(new URL('../bin/promesse', import.meta.url));
const patience = 60_000; // milliseconds until the first order must be listed

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// startDemo answers { url, run, stop }: url has no slash at its end; run runs a
// command of the program on the demo's database and answers what it says; stop
// ends the program and removes the database. speed is world seconds per second,
// and more is what else the program is told.
export async function startDemo({ host = '127.0.0.1', speed = 3600, more = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'promesse-e2e-'));
  const addr = `${host}:${await freePort()}`;
  const db = `sqlite:${join(folder, 'demo.db')}`;
  const demo = spawn(
    program,
    ['demo', '--addr', addr, '--db', db, '--speed', String(speed), ...more],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  let failed = null;
  demo.stdout.on('data', (text) => { said += text; });
  demo.stderr.on('data', (text) => { said += text; });
  demo.on('error', (error) => { failed = error; });

  const ended = () => failed !== null || demo.exitCode !== null || demo.signalCode !== null;
  const stop = async () => {
    if (!ended()) {
      const exit = once(demo, 'exit');
      demo.kill('SIGTERM');
      const late = setTimeout(() => demo.kill('SIGKILL'), 10_000);
      await exit;
      clearTimeout(late);
    }
    await rm(folder, { recursive: true, force: true });
  };

  const url = `http://${addr}`;
  try {
    await ready(url, ended);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${failed ?? ''}${said}`);
  }
  const run = async (...command) => (await execute(program, [...command, '--db', db])).stdout;
  return { url, run, stop };
}

async function ready(url, ended) {
  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (ended()) throw new Error('the demo ended before its first page');
    if (await listsAnOrder(url)) return;
    await pause(100);
  }
  throw new Error(`the demo listed no order within ${patience / 1000} s`);
}

async function listsAnOrder(url) {
  try {
    const answer = await fetch(`${url}/`);
    return answer.ok && (await answer.text()).includes('href="/p/');
  } catch {
    return false; // nobody listens yet
  }
}
