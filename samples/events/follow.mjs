// Says which tasks change, and misses none while it is disconnected. PLATZ_URL and PLATZ_TOKEN say where and as whom.
import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { setTimeout as pause } from 'node:timers/promises';

const wanted = [{ table: 'deployment_tasks', env_id: null }];
let position = null;

while (true) {
  await follow().catch(error => console.error(error.message));
  await pause(1000);
}

async function follow() {
  const hub = new HubConnectionBuilder()
    .withUrl(`${process.env.PLATZ_URL}/hubs/events`, { accessTokenFactory: () => process.env.PLATZ_TOKEN })
    .configureLogging(LogLevel.None)
    .build();
  const closed = new Promise(resolve => hub.onclose(resolve));
  hub.on('Changed', ({ stream, sequence, operation, data }) => {
    position = { stream, sequence };
    console.log(operation, data?.id ?? 'many tasks');
  });
  hub.on('Reached', reached => { position = reached; });
  hub.on('Reset', readAgain);
  hub.on('Ending', ({ code, message }) => {
    console.error(message);
    if (code === 'revoked') {
      process.exit(1);
    }
  });

  try {
    await hub.start();
    const before = position;
    const { gap, refused, ...now } = await hub.invoke('Subscribe', wanted, before);
    if (refused) {
      throw new Error(refused);
    }

    if (gap || before === null) {
      readAgain(now);
    }

    await closed;
  } finally {
    await hub.stop();
  }
}

/** What was before is not known: here one would GET /api/v2/deployment-tasks. */
function readAgain(from) {
  position = from;
  console.log('all tasks');
}
