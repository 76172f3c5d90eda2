using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Deployments;

/// <summary>Two chart versions, two clusters, and what saves need.</summary>
public abstract class EditorTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected DeploymentEditor Editor => Services.GetRequiredService<DeploymentEditor>();

    protected Chart Newer { get; private set; } = null!;
    protected Cluster Second { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Newer = NewChart("2.0.0");
        Second = new Cluster { EnvId = Env.Id, ProviderId = "second", Name = "two", RegionName = "local" };
        await using var db = await DbAsync();
        db.AddRange(Newer, Second);
        await db.SaveChangesAsync(Cancel);
    }

    protected async Task<SaveResult.Saved> CreateAsync(string name, string config = "{}") =>
        Assert.IsType<SaveResult.Saved>(await Editor.CreateAsync(
            new NewDeployment
            {
                Name = name,
                KindId = Kind.Id,
                ClusterId = Cluster.Id,
                HelmChartId = Chart.Id,
                Config = Json(config),
            },
            Alice, Cancel));

    protected async Task SavedAsync(Guid id, DeploymentEdit edit) =>
        Assert.IsType<SaveResult.Saved>(await Editor.UpdateAsync(id, edit, Alice, Cancel));

    /// <summary>Runs what is due to its end.</summary>
    protected async Task EndAsync(RevisionChange revision, DeploymentTaskStatus status = DeploymentTaskStatus.Done)
    {
        var request = Claims() with { Places = new Dictionary<Guid, int> { [Cluster.Id] = 10, [Second.Id] = 10 } };
        foreach (var task in await Queue.ClaimAsync(request, Cancel))
        {
            await Queue.FinishAsync([Done(task) with { Status = status, Revision = revision }]);
        }
    }

    protected async Task<List<DeploymentTask>> TasksAsync(Guid deploymentId)
    {
        await using var db = await DbAsync();
        return await db.Tasks.AsNoTracking().Where(t => t.DeploymentId == deploymentId).OrderBy(t => t.CreatedAt)
            .ThenBy(t => t.Id).ToListAsync(Cancel);
    }

    protected static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();
}
