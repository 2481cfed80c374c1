import childProcess from 'node:child_process';
import {syncBuiltinESMExports} from 'node:module';
import workerThreads from 'node:worker_threads';
import {afterEach, expect} from 'vitest';

/** The programs that the current test tried to start. */
let started: string[] = [];

function refuse(what: string): never {
  const {testPath = 'this file'} = expect.getState();
  const message =
    `A unit test may not start a process or a thread, and this one starts: ${what}\n` +
    `Move ${testPath} to test/media, test/browser or test/system, or test the part that starts nothing.`;
  started.push(message);
  throw new Error(message);
}

// Every asynchronous way to start a process goes through this method: spawn, exec, execFile, fork and execa.
Object.assign(childProcess.ChildProcess.prototype, {
  spawn: ({args = []}: {args?: readonly string[]}) => refuse(args.join(' ')),
});
for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const)
  Object.assign(childProcess, {[name]: (command: string) => refuse(`${name} ${command}`)});
Object.assign(workerThreads, {
  Worker: class {
    constructor(file: string | URL) {
      refuse(`a thread with ${file}`);
    }
  },
});
syncBuiltinESMExports();

// The code under test may catch the error: the test fails all the same.
afterEach(() => {
  const [first] = started;
  started = [];
  if (first) throw new Error(first);
});
