using System.Net;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

/// <summary>What a site admin sets through the API: envs, clusters, kinds, registries.</summary>
public sealed class SiteApiTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task An_env_is_made_renamed_and_deleted()
    {
        using var response = await Api.PostAsync("/api/v2/envs", Body("""{"name":"staging"}"""), Cancel);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var made = await WebServer.JsonAsync(response, Cancel);
        UpstreamShape.AssertIs(UpstreamShape.Env, made);
        var one = $"/api/v2/envs/{made["id"]}";
        Assert.Equal(one, response.Headers.Location?.ToString());

        var changed = await PutAsync(one, new { name = "Staging", auto_add_new_users = true }, HttpStatusCode.OK);
        Assert.Equal("Staging", Text(changed, "name"));
        Assert.True(changed["auto_add_new_users"]!.GetValue<bool>());
        var taken = await PutAsync(one, new { name = "DEMO", node_selector = new { pool = "a" } }, HttpStatusCode.UnprocessableEntity);
        Assert.NotNull(taken["errors"]!["name"]);
        Assert.Empty((await GetAsync(one))["node_selector"]!.AsObject()); // nothing of it was saved
        await PostAsync("/api/v2/envs", new { name = "staging" }, HttpStatusCode.UnprocessableEntity);
        await PostAsync("/api/v2/envs", new { }, HttpStatusCode.UnprocessableEntity);

        using var gone = await Api.DeleteAsync(one, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await AnswerAsync(Api.DeleteAsync(one, Cancel), HttpStatusCode.NotFound);
        var used = await AnswerAsync(Api.DeleteAsync($"/api/v2/envs/{Env.Id}", Cancel), HttpStatusCode.Conflict);
        Assert.Contains("clusters: one", Text(used, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_update_of_an_env_does_all_it_says_and_reinstalls_once()
    {
        var deployment = await AddDeploymentAsync();
        await ExecuteAsync($"""
            UPDATE deployments SET revision_id = '{await EnqueueAsync(deployment)}' WHERE id = '{deployment.Id}'
            """);

        var body = """{"name":"demo 2","node_selector":{"pool":"a"},"tolerations":[{"key":"x"}]}""";
        var changed = await AnswerAsync(Api.PutAsync($"/api/v2/envs/{Env.Id}", Body(body), Cancel), HttpStatusCode.OK);

        Assert.Equal(("demo 2", "a"), (Text(changed, "name"), Text(changed["node_selector"]!, "pool")));
        var tasks = await GetAsync("/api/v2/deployment-tasks?operation=Reinstall");
        Assert.Equal(1, tasks["num_total"]!.GetValue<int>());
        var rename = await PutAsync($"/api/v2/envs/{Env.Id}", new { name = "demo" }, HttpStatusCode.OK);
        Assert.Equal("a", Text(rename["node_selector"]!, "pool"));
    }

    [Fact]
    public async Task A_clusters_settings_are_changed_one_by_one_and_null_empties_them()
    {
        var one = $"/api/v2/k8s-clusters/{Cluster.Id}";
        await PutAsync(one, new { ingress_domain = "Apps.example.org", grafana_url = "https://g.example.org", ignore = true },
            HttpStatusCode.OK);

        var changed = await AnswerAsync(
            Api.PutAsync(one, Body("""{"ingress_domain":null,"ignore":null,"ingress_class":"nginx","name":"x"}"""), Cancel),
            HttpStatusCode.OK);

        UpstreamShape.AssertIs(UpstreamShape.K8sCluster, changed);
        Assert.Null(changed["ingress_domain"]);
        Assert.True(changed["ignore"]!.GetValue<bool>());
        Assert.Equal(
            ("nginx", "https://g.example.org", "one", Env.Id.ToString()),
            (Text(changed, "ingress_class"), Text(changed, "grafana_url"), Text(changed, "name"), Text(changed, "env_id")));
        var moved = await AnswerAsync(Api.PutAsync(one, Body("""{"env_id":null}"""), Cancel), HttpStatusCode.OK);
        Assert.Null(moved["env_id"]);
        foreach (var bad in new[] { "{\"env_id\":\"x\"}", "{\"ignore\":1}", "{\"grafana_url\":\"javascript:1\"}" })
        {
            await AnswerAsync(Api.PutAsync(one, Body(bad), Cancel), HttpStatusCode.UnprocessableEntity);
        }

        await PutAsync($"/api/v2/k8s-clusters/{Guid.NewGuid()}", new { ignore = true }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_cluster_goes_once_nothing_is_deployed_to_it()
    {
        await AddDeploymentAsync();
        var one = $"/api/v2/k8s-clusters/{Cluster.Id}";
        var used = await AnswerAsync(Api.DeleteAsync(one, Cancel), HttpStatusCode.Conflict);
        Assert.Contains("1 deployment", Text(used, "message"), StringComparison.Ordinal);

        await ExecuteAsync("UPDATE deployments SET deleted_at = now()");
        using var gone = await Api.DeleteAsync(one, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await AnswerAsync(Api.GetAsync(one, Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(Api.DeleteAsync(one, Cancel), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_kind_is_renamed_and_a_registry_gets_another_icon()
    {
        var kind = await PutAsync($"/api/v2/deployment-kinds/{Kind.Id}", new { name = "Site" }, HttpStatusCode.OK);
        UpstreamShape.AssertIs(UpstreamShape.DeploymentKind, kind);
        Assert.Equal("Site", Text(kind, "name"));
        await PutAsync($"/api/v2/deployment-kinds/{Kind.Id}", new { name = "a b" }, HttpStatusCode.UnprocessableEntity);
        await PutAsync($"/api/v2/deployment-kinds/{Guid.NewGuid()}", new { name = "x" }, HttpStatusCode.NotFound);

        var registry = await PutAsync($"/api/v2/helm-registries/{Registry.Id}", new { fa_icon = "database" }, HttpStatusCode.OK);
        UpstreamShape.AssertIs(UpstreamShape.HelmRegistry, registry);
        Assert.Equal("database", Text(registry, "fa_icon"));
        await PutAsync($"/api/v2/helm-registries/{Registry.Id}", new { }, HttpStatusCode.UnprocessableEntity);
        await PutAsync($"/api/v2/helm-registries/{Guid.NewGuid()}", new { fa_icon = "x" }, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_tag_format_is_added_found_and_deleted()
    {
        using var response = await Api.PostAsync("/api/v2/helm-tag-formats", Body("""{"pattern":"^r(?P<revision>[0-9]+)$"}"""), Cancel);
        var made = await WebServer.JsonAsync(response, Cancel);
        var one = $"/api/v2/helm-tag-formats/{made["id"]}";
        Assert.Equal((HttpStatusCode.Created, one), (response.StatusCode, response.Headers.Location?.ToString()));
        UpstreamShape.AssertIs(UpstreamShape.HelmTagFormat, made);
        Assert.Equal(Text(made, "id"), Text(await GetAsync(one), "id"));
        var found = await GetAsync($"/api/v2/helm-tag-formats?pattern={Uri.EscapeDataString(Text(made, "pattern"))}");
        Assert.Equal(1, found["num_total"]!.GetValue<int>());
        Assert.Equal(3, (await GetAsync("/api/v2/helm-tag-formats"))["num_total"]!.GetValue<int>());
        await PostAsync("/api/v2/helm-tag-formats", new { pattern = "(" }, HttpStatusCode.BadRequest);
        await PostAsync("/api/v2/helm-tag-formats", new { pattern = Text(made, "pattern") }, HttpStatusCode.Conflict);
        using var admin = await ClientAsync(EnvRole.Admin);
        await AnswerAsync(admin.DeleteAsync(one, Cancel), HttpStatusCode.Forbidden);

        using var gone = await Api.DeleteAsync(one, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await AnswerAsync(Api.GetAsync(one, Cancel), HttpStatusCode.NotFound);
    }
}
