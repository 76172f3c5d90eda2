using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Deployments;
using Platz.Core.Insight;
using Platz.Core.Tasks;

namespace Platz.Tests.Support;

/// <summary>A history of tasks of one's own making, and the counting of it at a time of one's own choice.</summary>
public abstract class InsightTest(PostgresServer postgres) : DatabaseTest(postgres)
{
    protected FakeTimeProvider Clock { get; } = new(At("2026-03-10T12:00:00Z"));

    protected InsightRollup Rollup => new(Source, Clock);

    protected InsightReports Reports => new(Databases, Source);

    protected IDbContextFactory<Platz.Core.Data.PlatzDb> Databases =>
        Services.GetRequiredService<IDbContextFactory<Platz.Core.Data.PlatzDb>>();

    protected static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    /// <summary>As a runner does that starts.</summary>
    public static async Task CountAllAsync(IServiceProvider services, CancellationToken cancel)
    {
        while (await services.GetRequiredService<InsightRollup>().StepAsync(cancel))
        {
        }
    }

    protected async Task CountAsync(string? now = null)
    {
        if (now is not null)
        {
            Clock.AdjustTime(At(now));
        }

        while (await Rollup.StepAsync(Cancel))
        {
        }
    }

    protected async Task<InsightSummary> SummaryAsync(Guid scope, int days = 30, string zone = "UTC")
    {
        var period = new InsightPeriod(days, TimeZoneInfo.FindSystemTimeZoneById(zone), Clock.GetUtcNow());
        return (await Reports.OfAsync(scope, period, Cancel)).Summary;
    }

    protected Task<Guid> AddTaskAsync(
        Deployment deployment, string? ended, DeploymentTaskStatus status = DeploymentTaskStatus.Done,
        string kind = nameof(Upgrade), string? created = null, double ran = 10, bool claimed = true,
        Guid? env = null) => PastTasks.AddAsync(Source, new PastTask(
            deployment.Id, env ?? Env.Id, Cluster.Id, Alice.UserId!.Value, ended is null ? null : At(ended))
        {
            Status = status,
            Kind = kind,
            CreatedAt = created is null ? null : At(created),
            Ran = TimeSpan.FromSeconds(ran),
            Claimed = claimed,
        });

    protected Task EndAsync(Guid task, string ended) => PastTasks.EndAsync(Source, task, At(ended));
}
