using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Chaos.Databases;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;

namespace Platz.Chaos.Helm;

/// <summary>Saves of deployments, as a person makes them; some are canceled soon after.</summary>
internal sealed class HelmLoad(ChaosDatabase database, int seed, TimeProvider clock)
{
    private const int Deployments = 10;
    private const int MostLive = 12;

    private readonly DeploymentEditor _editor = database.Get<DeploymentEditor>();
    private readonly List<Guid> _deployments = [];

    public async Task RunAsync(Actor actor, CancellationToken stop)
    {
        var random = new Random(seed);
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            try
            {
                if (await Queue.Load.LiveAsync(database, stop) < MostLive)
                {
                    await SaveAsync(number, actor, random);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 900)), clock, stop);
            }
            catch (Exception e) when (DatabaseTroubles.IsTrouble(e) || e is OperationCanceledException)
            {
                // saved or not: the next one comes in a moment
            }
        }
    }

    private async Task SaveAsync(int number, Actor actor, Random random)
    {
        var config = new JsonObject { ["replicas"] = 1, ["message"] = $"change {number}" };
        var result = _deployments.Count < Deployments
            ? await CreateAsync(config, actor)
            : await _editor.UpdateAsync(
                _deployments[random.Next(Deployments)], new DeploymentEdit { Config = config }, actor, CancellationToken.None);
        if (result is not SaveResult.Saved saved)
        {
            throw new InvalidOperationException($"A deployment could not be saved: {result}");
        }

        if (random.Next(10) == 0 && saved.TaskId is { } task)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(2000)), clock);
            await database.Get<TaskQueue>().CancelAsync(task, actor, null, CancellationToken.None);
        }
    }

    private async Task<SaveResult> CreateAsync(JsonObject config, Actor actor)
    {
        await using var db = await database.DbAsync(CancellationToken.None);
        var chart = await db.Charts.SingleAsync(c => c.Available);
        var wanted = new NewDeployment
        {
            Name = $"app-{_deployments.Count}",
            KindId = await db.Registries.Where(r => r.Id == chart.HelmRegistryId).Select(r => r.KindId).SingleAsync(),
            ClusterId = await db.Clusters.Select(c => c.Id).SingleAsync(),
            HelmChartId = chart.Id,
            Config = config,
        };
        var result = await _editor.CreateAsync(wanted, actor, CancellationToken.None);
        _deployments.Add(wanted.Id);
        return result;
    }
}
