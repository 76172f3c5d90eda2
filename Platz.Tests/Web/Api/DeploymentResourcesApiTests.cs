using System.Net;
using Platz.Core.Deployments;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class DeploymentResourcesApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Path = "/api/v2/deployment-resources";

    [Fact]
    public async Task Resources_are_made_changed_and_deleted_in_the_shapes_of_existing_clients()
    {
        var (type, deployment) = await InstalledAsync();
        var wanted = new { type_id = type, deployment_id = deployment.Id, name = "orders", props = new { owner = "alice", password = "hush-hush" } };

        var made = await PostAsync(Path, wanted, HttpStatusCode.Created);
        UpstreamShape.AssertIs(UpstreamShape.DeploymentResource, made);
        Assert.Equal(("Creating", """{"owner":"alice","password":{"$sensitive":true}}"""),
            (Text(made, "sync_status"), made["props"]!.ToJsonString()));
        await PostAsync(Path, wanted, HttpStatusCode.Conflict);
        var wrong = await PostAsync(Path, new { type_id = type, deployment_id = deployment.Id, name = "", props = new { } },
            HttpStatusCode.UnprocessableEntity);
        Assert.Contains("props.owner", wrong.ToJsonString());

        var one = $"{Path}/{Text(made, "id")}";
        var changed = await PutAsync(one, new { name = "orders-2", props = new { owner = "bob" } }, HttpStatusCode.OK);
        Assert.Equal(("orders-2", "bob"), (Text(changed, "name"), Text(changed["props"]!, "owner")));
        Assert.Single((await GetAsync($"{Path}?type_id={type}&env_id={Env.Id}"))["items"]!.AsArray());
        var types = await GetAsync($"/api/v2/deployment-resource-types?key=database&env_id={Env.Id}");
        UpstreamShape.AssertIs(UpstreamShape.DeploymentResourceType, Assert.Single(types["items"]!.AsArray())!);
        using var accepted = await Api.DeleteAsync(one, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, accepted.StatusCode);
        Assert.Equal("Deleting", Text(await GetAsync(one), "sync_status"));
        await AnswerAsync(Api.DeleteAsync(one, Cancel), HttpStatusCode.Conflict);
        Assert.DoesNotContain("hush-hush", (await GetAsync(Path)).ToJsonString());
    }

    [Fact]
    public async Task A_deployment_whose_resources_are_used_is_not_switched_off()
    {
        var (type, deployment) = await InstalledAsync();
        var made = await PostAsync(Path,
            new { type_id = type, deployment_id = deployment.Id, name = "orders", props = new { owner = "alice" } },
            HttpStatusCode.Created);
        var user = await AddDeploymentAsync("user");
        await using (var db = await DbAsync())
        {
            db.Add(new DeploymentDependency
            {
                DeploymentId = user.Id,
                Kind = DependencyKind.Resource,
                TargetId = Guid.Parse(Text(made, "id")),
            });
            await db.SaveChangesAsync(Cancel);
        }

        var refused = await PutAsync($"/api/v2/deployments/{deployment.Id}", new { enabled = false }, HttpStatusCode.Conflict);

        Assert.Contains(user.Namespace, refused.ToJsonString());
    }

    /// <summary>A deployment whose installed chart manages databases.</summary>
    private async Task<(Guid Type, Deployment Deployment)> InstalledAsync()
    {
        var deployment = await AddDeploymentAsync();
        var revision = await EnqueueAsync(deployment);
        await using var db = await DbAsync();
        return (await ManagedDatabases.InstallAsync(db, Env.Id, deployment, revision, Cancel), deployment);
    }
}
