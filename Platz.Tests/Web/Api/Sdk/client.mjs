// The SDK as it comes from npm, with a memory of what was asked of it and answered.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const load = createRequire(`${process.env.PLATZ_CLIENTS}/`);
const sdk = load('@platzio/sdk');
const axios = load('axios');
const called = new Set();

axios.interceptors.response.use(
  answer => record(answer),
  error => {
    record(error.response ?? { config: error.config, status: 0, headers: {} });
    throw error;
  });

function record(answer) {
  appendFileSync(process.env.PLATZ_ANSWERS, `${JSON.stringify({
    method: answer.config.method, url: answer.config.url, status: answer.status,
    type: answer.headers['content-type'] ?? null, body: answer.data === '' ? null : answer.data,
  })}\n`);
  return answer;
}

const classes = Object.keys(sdk).filter(name => name.endsWith('Api') && typeof sdk[name] === 'function');
const methods = classes.flatMap(name =>
  Object.getOwnPropertyNames(sdk[name].prototype).filter(m => m !== 'constructor').map(m => `${name}.${m}`));

/** Every API class of the SDK, under its own name, for one configuration. */
export function client(configuration) {
  return Object.fromEntries(classes.map(name => [name, new Proxy(new sdk[name](new sdk.Configuration(configuration)), {
    get(api, method) {
      if (Object.hasOwn(sdk[name].prototype, method)) {
        called.add(`${name}.${method}`);
      }

      return api[method];
    },
  })]));
}

/** The answer's body, once its status is the expected one. */
export async function body(asked, status = 200) {
  const answer = await asked.catch(error => {
    throw new Error(`${error.config?.url}: ${error.response?.status} ${JSON.stringify(error.response?.data)}`);
  });
  assert.equal(answer.status, status, answer.config.url);
  return answer.data;
}

export async function refused(asked, status) {
  const error = await asked.then(() => assert.fail(`not refused with ${status}`), e => e);
  assert.equal(error.response?.status, status, error.stack);
  assert.equal(typeof error.response.data.message, 'string');
}

/** The only one that is listed. */
export async function only(asked) {
  const { items, num_total: total } = await body(asked);
  assert.equal(total, 1, JSON.stringify(items));
  return items[0];
}

/** Lists with each filter alone and all together: the row is found, and by another value it is not. */
export async function filtered(list, filters, id) {
  for (const chosen of [...Object.entries(filters).map(one => Object.fromEntries([one])), filters]) {
    const { items } = await body(list({ ...chosen, page: 1, perPage: 500 }));
    assert.ok(items.some(item => item.id === id), `${JSON.stringify(chosen)} does not find ${id}`);
  }

  for (const [name, value] of Object.entries(filters)) {
    const other = typeof value === 'boolean' ? !value : value.replace(/[a-z0-9]/gi, '9');
    const { items } = await body(list({ [name]: other }));
    assert.ok(items.every(item => item.id !== id), `another ${name} finds ${id}`);
  }

  const page = await body(list({ page: 1, perPage: 1 }));
  assert.deepEqual([page.page, page.per_page, page.items.length], [1, 1, 1]);
}

/** Asks until the answer is the awaited one. */
export async function until(ask, holds) {
  for (let tries = 0; tries < 600; tries++) {
    const found = await ask();
    if (holds(found)) {
      return found;
    }

    await pause(200);
  }

  assert.fail('It never came.');
}

/** Nothing that the SDK offers was left out. */
export function end() {
  assert.deepEqual(methods.filter(method => !called.has(method)), []);
  console.log(`${methods.length} methods of ${classes.length} classes`);
}
