// What the bench and the program of a queue say to each other. In come a command and numbers, as arguments; out come
// words that tell how far it is, and at the end a line for each job:
//   drain JOBS KEYS WORKERS   enqueues all, says "filled", waits for a line, works:  job KEY NUMBER BEGUN ENDED
//   listen JOBS KEYS WORKERS  says "ready", works on what others send:               start QUEUED CLAIMED BEGUN
//   send JOBS KEYS RATE       sends so many a second
// Times are seconds since 1970, by the clock of the machine, which is the database's too.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export const now = () => (performance.timeOrigin + performance.now()) / 1000;

/** What was done in this process, until it is as much as was expected. */
class Ledger {
  #left;
  #finish;
  lines = [];
  finished = new Promise((resolve) => (this.#finish = resolve));

  constructor(jobs) {
    this.#left = jobs;
  }

  get left() {
    return this.#left;
  }

  note(line) {
    this.lines.push(line);
    if (--this.#left === 0) {
      this.#finish();
    }
  }

  job(key, number, begun) {
    this.note(`job ${key} ${number} ${begun} ${now()}`);
  }

  start(queued, claimed, begun) {
    this.note(`start ${queued} ${claimed} ${begun}`);
  }
}

/** Each at its time, however long the one before took. */
async function pace(jobs, rate, send) {
  const began = performance.now();
  for (let number = 0; number < jobs; number++) {
    const wait = began + (number * 1000) / rate - performance.now();
    if (wait > 0) {
      await sleep(wait);
    }
    await send(number);
  }
}

export async function serve(queue) {
  const [command, ...numbers] = process.argv.slice(2);
  const [jobs, keys, third] = numbers.map(Number);
  const keyOf = (number) => `${number % keys}`;
  const ledger = new Ledger(jobs);
  if (command === 'drain') {
    await queue.install();
    for (let first = 0; first < jobs; first += keys) {
      const turn = Array.from({ length: Math.min(keys, jobs - first) }, (_, i) => first + i);
      await queue.fill(turn.map((number) => ({ key: keyOf(number), number })));
    }
    console.log('filled');
    await once(createInterface({ input: process.stdin }), 'line');
    await queue.drain(ledger, third);
  } else if (command === 'listen') {
    await queue.install();
    await queue.listen(ledger, third);
    console.log('ready');
  } else if (command === 'send') {
    await queue.open?.();
    await pace(jobs, third, (number) => queue.send(keyOf(number), number));
    process.exit(0);
  }

  await ledger.finished;
  const lines = (await queue.rows?.(command)) ?? ledger.lines;
  process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => process.exit(0));
}
