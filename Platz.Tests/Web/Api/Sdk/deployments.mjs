// The SDK where a runner, Helm and a cluster take part.
import assert from 'node:assert/strict';
import { body, filtered, only, until } from './client.mjs';

let api, name;

export async function deployments(client, nameOfDeployment) {
  [api, name] = [client, nameOfDeployment];
  const charts = await catalog();
  const deployment = await deploy(charts);
  await use(deployment);
  await resources(deployment);
  await change(deployment, charts);
}

async function catalog() {
  const registries = api.HelmRegistriesApi;
  const ask = { repoName: 'charts/kitchen-sink' };
  const { items: [registry] } = await until(() => body(registries.allHelmRegistries(ask)), list => list.num_total > 0);
  await filtered(q => registries.allHelmRegistries(q), { ...ask, kindId: registry.kind_id }, registry.id);
  const dressed = await body(registries.updateHelmRegistry({
    id: registry.id, updateHelmRegistry: { fa_icon: 'sink' },
  }));
  assert.deepEqual(await body(registries.getHelmRegistry({ id: registry.id })), dressed);

  const charts = api.HelmChartsApi;
  const versions = () => body(charts.allHelmCharts({ helmRegistryId: registry.id }));
  const { items } = await until(versions, list => list.num_total >= 2);
  const [older, newer] = await Promise.all(['1.0.0', '1.1.0'].map(
    tag => body(charts.getHelmChart({ id: items.find(chart => chart.image_tag === tag).id }))));
  await filtered(q => charts.allHelmCharts(q), { helmRegistryId: registry.id }, older.id);
  assert.equal((await body(charts.allHelmCharts({ parsedBranch: 'no-such-branch' }))).num_total, 0);
  assert.equal(older.actions_schema[0].spec.id, 'reindex');

  const kinds = api.DeploymentKindsApi;
  const kind = await body(kinds.getDeploymentKind({ id: registry.kind_id }));
  await filtered(q => kinds.allDeploymentKinds(q), { name: kind.name }, kind.id);
  const same = await body(kinds.updateDeploymentKind({ id: kind.id, updateDeploymentKind: { name: kind.name } }));
  assert.deepEqual(same, kind);
  return { kind, older, newer };
}

async function deploy({ kind, older }) {
  const { items: [cluster] } = await until(
    () => body(api.KubernetesClustersApi.allK8sClusters({ name: 'sandbox' })), list => list.items[0]?.is_ok);
  const deployment = await body(api.DeploymentsApi.createDeployment({
    newDeployment: {
      name, kind_id: kind.id, cluster_id: cluster.id, helm_chart_id: older.id,
      config: { title: 'Pantry', replicas: 1, memory: 64 }, values_override: {},
    },
  }), 201);
  const filters = { name, kindId: kind.id, clusterId: cluster.id, enabled: true };
  await filtered(q => api.DeploymentsApi.allDeployments(q), filters, deployment.id);
  await last(deployment, 'Install', 'Done');
  return body(api.DeploymentsApi.getDeployment({ id: deployment.id }));
}

/** The newest task of a deployment, once it has ended. */
async function last(deployment, operation, status) {
  const tasks = api.DeploymentTasksApi;
  const { items: [task] } = await body(tasks.allDeploymentTasks({ deploymentId: deployment.id, page: 1, perPage: 1 }));
  assert.deepEqual(Object.keys(task.operation), [operation]);
  const ended = await until(
    () => body(tasks.getDeploymentTask({ id: task.id })), t => ['Done', 'Failed', 'Canceled'].includes(t.status));
  assert.equal(ended.status, status, ended.reason);
  return ended;
}

async function use(deployment) {
  assert.equal(deployment.status, 'Running');
  const tasks = api.DeploymentTasksApi;
  const place = { clusterId: deployment.cluster_id, deploymentId: deployment.id };
  const order = operation =>
    body(tasks.createDeploymentTask({ createDeploymentTask: { deployment_id: deployment.id, operation } }), 201);
  const invoke = (action, input) =>
    order({ InvokeAction: { helm_chart_id: deployment.helm_chart_id, action_id: action, body: input } });
  const reindex = await invoke('reindex', { index: 'pages', batch: 5 });
  await last(deployment, 'InvokeAction', 'Done');
  await filtered(q => tasks.allDeploymentTasks(q), place, reindex.id);
  await invoke('explode', {});
  assert.match((await last(deployment, 'InvokeAction', 'Failed')).reason, /answered 500/);

  const objects = api.KubernetesResourcesApi;
  const ask = { ...place, kind: 'Deployment' };
  const { items: [object] } = await until(() => body(objects.allK8sResources(ask)), list => list.num_total > 0);
  await filtered(q => objects.allK8sResources(q), { ...ask, name: object.name }, object.id);
  assert.equal((await body(objects.getK8sResource({ id: object.id }))).name, object.name);
  await order({ RestartK8sResource: { resource_id: object.id, resource_name: object.name } });
  await last(deployment, 'RestartK8sResource', 'Done');
}

async function resources(deployment) {
  const types = api.DeploymentResourceTypesApi;
  const filters = { deploymentKindId: deployment.kind_id, key: 'database' };
  const type = await only(types.allDeploymentResourceTypes(filters));
  await filtered(q => types.allDeploymentResourceTypes(q), filters, type.id);
  assert.equal((await body(types.allDeploymentResourceTypes({ envId: deployment.id }))).num_total, 0);
  assert.equal((await body(types.getDeploymentResourceType({ id: type.id }))).spec.name_plural, 'Databases');

  const resources = api.DeploymentResourcesApi;
  const made = await body(resources.createDeploymentResource({
    newDeploymentResource: {
      type_id: type.id, deployment_id: deployment.id, name: `orders-${name}`, props: { owner: 'shop', gigabytes: 5 },
    },
  }), 201);
  await filtered(q => resources.allDeploymentResources(q), { typeId: type.id }, made.id);
  const ready = () => until(
    () => body(resources.getDeploymentResource({ id: made.id })), r => ['Ready', 'Error'].includes(r.sync_status));
  assert.deepEqual((await ready()).sync_reason, null);
  const grown = await body(resources.updateDeploymentResource({
    id: made.id, updateDeploymentResource: { name: made.name, props: { gigabytes: 9 } },
  }));
  assert.deepEqual(grown.props, { owner: 'shop', gigabytes: 9 });
  await ready();
  await body(resources.deleteDeploymentResource({ id: made.id }), 204);
}

async function change(deployment, { newer }) {
  const deployments = api.DeploymentsApi;
  const { id } = deployment;
  await body(deployments.updateDeployment({
    id,
    updateDeployment: {
      name: deployment.name, cluster_id: deployment.cluster_id, helm_chart_id: newer.id,
      config: { ...deployment.config, title: 'Cellar' }, values_override: { note: 'by the SDK' },
      description_md: 'Of the **SDK**.',
    },
  }));
  const upgraded = await last(deployment, 'Upgrade', 'Done');
  assert.equal(upgraded.operation.Upgrade.helm_chart_id, newer.id);
  await body(deployments.updateDeployment({ id, updateDeployment: { enabled: false } }));
  await last(deployment, 'Uninstall', 'Done');
  await filtered(q => deployments.allDeployments(q), { enabled: false }, id);
  await body(deployments.deleteDeployment({ id }), 204);
}
