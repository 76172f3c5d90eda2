using Platz.Chaos.Databases;
using Platz.Chaos.Queue;
using Platz.Chaos.Schedules;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Chaos;

/// <summary>The campaign itself, in small: twenty kills of real runner processes.</summary>
public sealed class KillCampaignTests(PostgresServer postgres)
{
    [Fact]
    public async Task Twenty_kills_lose_repeat_and_reorder_nothing()
    {
        using var folder = new TempFolder();
        var plan = new FaultPlan(Seed: 20, Kills: 20, TimeSpan.FromSeconds(8), Lease: TimeSpan.FromSeconds(2))
        {
            Runners = 3,
            MostLive = 20,
            AtOnce = 1, // to let each of them begin a task first would take the suite a minute
        };
        var server = new Server(postgres.ServerConnectionString, RestartScript: null, postgres.Template);
        var campaign = new QueueCampaign(server, plan, TextWriter.Null, TimeProvider.System) { Program = Programs.Chaos };

        var result = await campaign.RunAsync(folder.Path, Xunit.TestContext.Current.CancellationToken);

        Assert.Empty(result.Verdict.Breaches);
        Assert.Equal(20, result.Faults[FaultKind.Kill]);
        Assert.Contains(result.Evidence.Tasks, t => t.Status is DeploymentTaskStatus.Done);
    }
}
