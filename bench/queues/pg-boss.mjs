// pg-boss, one job of a key at a time in either of its ways: PEER_WAY=fifo is the policy key_strict_fifo, which keeps
// the order too, PEER_WAY=group a standard queue of which fetches take one job of a group.
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { now, serve } from './peer.mjs';

const queue = 'tasks';
const batchSize = 50;
const isFifo = process.env.PEER_WAY === 'fifo';
const fetching = isFifo ? { batchSize } : { batchSize, groupConcurrency: 1 };
const begun = new Map();

let boss;

const place = (key) => (isFifo ? { singletonKey: key } : { group: { id: key } });

async function open() {
  boss = new PgBoss({ max: 20, supervise: false, schedule: false, registerInstance: false, useListenNotify: true });
  boss.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
  await boss.start();
}

/** Fetches, does nothing, completes: as fast as the calls answer. */
async function loop(ledger) {
  while (ledger.left > 0) {
    const jobs = await boss.fetch(queue, fetching);
    if (jobs.length === 0) {
      await sleep(1);
      continue;
    }
    await setImmediate();
    await boss.complete(queue, jobs.map((job) => job.id));
    jobs.forEach(() => ledger.note());
  }
}

await serve({
  async install() {
    await open();
    await boss.createQueue(queue, { policy: isFifo ? 'key_strict_fifo' : 'standard', notify: true });
  },
  open,
  fill: (jobs) => boss.insert(queue, jobs.map(({ key, number }) => ({ ...place(key), data: { key, number } }))),
  send: (key, number) => boss.send(queue, { key, number }, place(key)),
  drain: (ledger, workers) => Promise.all(Array.from({ length: workers }, () => loop(ledger))),
  listen: (ledger, workers) =>
    boss.work(
      queue,
      { ...fetching, localConcurrency: workers, notifyPollingIntervalSeconds: 2 },
      async (jobs) => {
        for (const job of jobs) {
          begun.set(job.id, now());
          ledger.note();
        }
      },
    ),

  // Its rows stay: they tell more than we saw here.
  async rows(command) {
    await boss.stop();
    const client = new pg.Client();
    await client.connect();
    const { rows } = await client.query(`
      SELECT id, data, extract(epoch FROM created_on) AS queued, extract(epoch FROM started_on) AS claimed,
        extract(epoch FROM completed_on) AS ended
      FROM pgboss.job WHERE name = '${queue}' AND state = 'completed'`);
    return rows.map(({ id, data, queued, claimed, ended }) =>
      command === 'drain'
        ? `job ${data.key} ${data.number} ${claimed} ${ended}`
        : `start ${queued} ${claimed} ${begun.get(id)}`,
    );
  },
});
