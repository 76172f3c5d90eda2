// graphile-worker with a named queue for each key: one job of a queue at a time. With PEER_WAY=batches it takes and ends
// many jobs at once, as its documentation has it of the most jobs a second.
import { setImmediate } from 'node:timers/promises';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { now, serve } from './peer.mjs';

const batching =
  process.env.PEER_WAY === 'batches'
    ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
    : {};
const quiet = new Logger(() => () => {});
const times = `
  SELECT extract(epoch FROM created_at) AS queued, extract(epoch FROM locked_at) AS claimed
  FROM graphile_worker._private_jobs WHERE id = $1`;

let utils;

const specOf = ({ key, number }) => ({ identifier: 'task', payload: { key, number }, queueName: `key-${key}` });

async function open() {
  utils = await makeWorkerUtils({ pgPool: new pg.Pool({ max: 2 }), logger: quiet });
}

async function work(workers, task) {
  await run({
    pgPool: new pg.Pool({ max: workers + 1 }),
    logger: quiet,
    noHandleSignals: true,
    crontab: ' ',
    concurrency: workers,
    taskList: { task },
    preset: { worker: batching },
  });
}

await serve({
  async install() {
    await open();
    await utils.migrate();
  },
  open,
  fill: (jobs) => utils.addJobs(jobs.map(specOf)),
  send: (key, number) => {
    const { identifier, payload, queueName } = specOf({ key, number });
    return utils.addJob(identifier, payload, { queueName });
  },

  drain: (ledger, workers) =>
    work(workers, async ({ key, number }) => {
      const begun = now();
      await setImmediate(); // so that another of the key would be seen beside it
      ledger.job(key, number, begun);
    }),

  listen: (ledger, workers) =>
    work(workers, async (_, { job, query }) => {
      const begun = now();
      const { queued, claimed } = (await query(times, [job.id])).rows[0];
      ledger.start(queued, claimed, begun);
    }),
});
