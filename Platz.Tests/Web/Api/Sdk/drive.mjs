// Drives all that @platzio/sdk offers: node drive.mjs user|bearer, against PLATZ_URL with PLATZ_TOKEN.
import assert from 'node:assert/strict';
import { body, client, end, filtered, only, refused } from './client.mjs';
import { deployments } from './deployments.mjs';

const [, , how] = process.argv;
const { PLATZ_URL: basePath, PLATZ_TOKEN: token } = process.env;
const as = text => client(how === 'user' ? { basePath, apiKey: text } : { basePath, accessToken: text });
const api = as(token);

// With an API key alone the SDK sends none where it asks for tokens of bots, unless told so.
const botTokens = how === 'user'
  ? client({ basePath, baseOptions: { headers: { 'x-platz-token': token } } }).BotTokensApi
  : api.BotTokensApi;

await site();
const place = await env();
await people(place);
await secrets(place);
await deployments(api, how);
end();

async function site() {
  assert.match((await body(api.ServerApi.getServerInfo())).version, /./);
  assert.equal((await body(api.AuthenticationApi.authMe())).User.display_name, 'Alice');
  await refused(api.AuthenticationApi.startGoogleLogin(), 501);
  await refused(api.AuthenticationApi.finishGoogleLogin({ oAuth2Response: { auth_code: 'x' } }), 501);
  await refused(as('pltz_u_bad').EnvsApi.allEnvs(), 401);

  const formats = api.HelmTagFormatsApi;
  const pattern = `(?P<version>${how}.+)`;
  const format = await body(formats.createHelmTagFormat({ newHelmTagFormat: { pattern } }), 201);
  await filtered(q => formats.allHelmTagFormats(q), { pattern }, format.id);
  assert.deepEqual(await body(formats.getHelmTagFormat({ id: format.id })), format);
  await body(formats.deleteHelmTagFormat({ id: format.id }), 204);
  await refused(formats.getHelmTagFormat({ id: format.id }), 404);
}

async function env() {
  const envs = api.EnvsApi;
  const made = await body(envs.createEnv({ newEnv: { name: `stage-${how}`, auto_add_new_users: false } }), 201);
  const changed = await body(envs.updateEnv({
    id: made.id,
    updateEnv: {
      name: `prod-${how}`, node_selector: { disk: 'fast' }, tolerations: [{ key: 'gpu', operator: 'Exists' }],
      auto_add_new_users: true,
    },
  }));
  assert.deepEqual([changed.name, changed.node_selector], [`prod-${how}`, { disk: 'fast' }]);
  await filtered(q => envs.allEnvs(q), { name: changed.name, autoAddNewUsers: true }, made.id);

  const clusters = api.KubernetesClustersApi;
  const spare = await only(clusters.allK8sClusters({ name: `spare-${how}` }));
  const moved = await body(clusters.updateK8sCluster({
    id: spare.id,
    updateK8sCluster: {
      env_id: made.id, ignore: true, ingress_domain: 'apps.example.org', ingress_class: 'nginx',
      ingress_tls_secret_name: 'tls', grafana_url: 'https://grafana.example.org', grafana_datasource_name: 'logs',
    },
  }));
  assert.deepEqual([moved.env_id, moved.ignore, moved.ingress_class], [made.id, true, 'nginx']);
  await filtered(q => clusters.allK8sClusters(q), { envId: made.id, name: spare.name }, spare.id);
  assert.equal((await body(clusters.getK8sCluster({ id: spare.id }))).grafana_datasource_name, 'logs');
  await body(clusters.deleteK8sCluster({ id: spare.id }), 204);

  const doomed = await body(envs.createEnv({ newEnv: { name: `doomed-${how}` } }), 201);
  await body(envs.deleteEnv({ id: doomed.id }), 204);
  await refused(envs.getEnv({ id: doomed.id }), 404);
  return body(envs.getEnv({ id: made.id }));
}

async function people(place) {
  const users = api.UsersApi;
  const me = (await body(api.AuthenticationApi.authMe())).User;
  const bob = await only(users.allUsers({ displayName: `bob-${how}` }));
  await filtered(q => users.allUsers(q), { displayName: bob.display_name, email: bob.email, isActive: true }, bob.id);
  const change = updateUser => body(users.updateUser({ id: bob.id, updateUser }));
  assert.equal((await change({ is_admin: true, is_active: true })).is_admin, true);
  assert.equal((await change({ is_admin: false })).is_admin, false);
  assert.equal((await body(users.getUser({ id: bob.id }))).email, bob.email);
  await refused(users.updateUser({ id: me.id, updateUser: { is_admin: false } }), 403);

  const members = api.EnvUserPermissionsApi;
  const member = await body(members.createEnvUserPermission({
    newEnvUserPermission: { env_id: place.id, user_id: bob.id, role: 'User' },
  }), 201);
  await filtered(q => members.allEnvUserPermissions(q), { envId: place.id }, member.id);
  assert.equal((await body(members.getEnvUserPermission({ id: member.id }))).user_id, bob.id);

  const kind = await only(api.DeploymentKindsApi.allDeploymentKinds({ name: 'Web' }));
  const roles = api.DeploymentPermissionsApi;
  const role = await body(roles.createDeploymentPermission({
    newDeploymentPermission: { env_id: place.id, user_id: bob.id, kind_id: kind.id, role: 'Maintainer' },
  }), 201);
  await filtered(q => roles.allDeploymentPermissions(q), { envId: place.id }, role.id);
  assert.equal((await body(roles.getDeploymentPermission({ id: role.id }))).role, 'Maintainer');
  await body(roles.deleteDeploymentPermission({ id: role.id }), 204);
  await body(members.deleteEnvUserPermission({ id: member.id }), 204);
  await tokens(me, bob);
}

async function tokens(me, bob) {
  const own = api.UserTokensApi;
  const { created_token: text } = await body(own.createUserToken({ createUserToken: { user_id: bob.id } }), 201);
  assert.equal((await body(as(text).AuthenticationApi.authMe())).User.id, bob.id);
  const token = await only(own.allUserTokens({ userId: bob.id }));
  await filtered(q => own.allUserTokens(q), { userId: bob.id }, token.id);
  await body(own.getUserToken({ id: token.id }));
  await body(own.deleteUserToken({ id: token.id }), 204);
  await refused(as(text).AuthenticationApi.authMe(), 401);

  const bots = api.BotsApi;
  const bot = await only(bots.allBots({ displayName: `robot-${how}` }));
  const renamed = await body(bots.updateBot({ id: bot.id, updateBot: { display_name: `${how}-robot` } }));
  assert.equal(renamed.display_name, `${how}-robot`);
  await filtered(q => bots.allBots(q), { displayName: renamed.display_name }, bot.id);
  await body(bots.getBot({ id: bot.id }));
  const made = await body(botTokens.createBotToken({ createBotToken: { bot_id: bot.id } }), 201);
  const itself = as(made.created_token);
  assert.equal((await body(itself.AuthenticationApi.authMe())).Bot.id, bot.id);
  const issued = await only(botTokens.allBotTokens({ botId: bot.id }));
  await filtered(q => botTokens.allBotTokens(q), { botId: bot.id, createdByUserId: me.id }, issued.id);
  await body(botTokens.getBotToken({ id: issued.id }));
  await body(botTokens.deleteBotToken({ id: issued.id }), 204);
  await refused(itself.AuthenticationApi.authMe(), 401);
}

async function secrets(place) {
  const secrets = api.SecretsApi;
  const secret = await body(secrets.createSecret({
    newSecret: { env_id: place.id, collection: 'databases', name: 'orders', contents: 'sesame' },
  }), 201);
  const filters = { envId: place.id, collection: 'databases', name: 'orders' };
  await filtered(q => secrets.allSecrets(q), filters, secret.id);
  const updateSecret = { name: 'bills', contents: 'barley' };
  const changed = await body(secrets.updateSecret({ id: secret.id, updateSecret }));
  assert.equal(changed.name, 'bills');
  assert.equal((await body(secrets.getSecret({ id: secret.id }))).contents, undefined);
  await body(secrets.deleteSecret({ id: secret.id }), 204);
}
