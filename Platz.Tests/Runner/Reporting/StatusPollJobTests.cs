using Microsoft.EntityFrameworkCore;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Reporting;

public sealed class StatusPollJobTests(PostgresServer postgres, ChartRegistry registry) : OperationTest(postgres, registry)
{
    [Fact]
    public async Task A_chart_that_reports_a_status_is_asked_with_a_token_of_its_deployment()
    {
        await StartAsync();
        var deployment = await InstallAsync("shop");

        var status = await ReportedAsync(deployment, s => s.Name is not null);

        Assert.Null(status.Error);
        Assert.NotNull(status.At);
        Assert.Equal((12.5m, "req/s"), (status.PrimaryMetric!.Value, status.PrimaryMetric.Unit));
        Assert.Equal(2, status.Metrics.Count);
        Assert.NotEmpty(status.Notices);
        var call = Sandbox.IngressCalls[0];
        Assert.Equal(("GET", "/platz/status", ""), (call.Method, call.Path, call.Body));
        Assert.Equal(["Authorization", "Host"], call.Headers.Keys.Order());
    }

    [Fact]
    public async Task One_that_cannot_be_asked_is_told_with_the_reason()
    {
        await StartAsync();
        await using (var db = await DbAsync())
        {
            var chart = await ChartAsync("kitchen-sink", "1.0.0");
            db.Attach(chart);
            var schema = ChartSchema.Of(chart);
            ChartSchemaJson.Write(chart, schema with
            {
                Features = schema.Features with { Status = new StatusEndpoint("/platz/explode", 15) },
            });
            await db.SaveChangesAsync(Cancel);
        }

        var status = await ReportedAsync(await InstallAsync("shop"), s => s.Error is not null);

        Assert.StartsWith("It answered 4", status.Error); // that path takes POST alone
        Assert.Null(status.Name);
    }

    [Fact]
    public async Task What_is_switched_off_says_nothing_any_more()
    {
        await StartAsync();
        var deployment = await InstallAsync("shop");
        await ReportedAsync(deployment, s => s.Name is not null);

        await using (var db = await DbAsync())
        {
            await db.Deployments.ExecuteUpdateAsync(set => set.SetProperty(d => d.Enabled, false), Cancel);
        }

        await UntilAsync(async db => (await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == deployment.Id, Cancel))
            is { ReportedStatus: null } silent ? silent : null);
    }

    private Task<RunnerHost> StartAsync()
    {
        Settings["Runner:StatusInterval"] = "00:00:00.300";
        return StartRunnerAsync();
    }

    private Task<ReportedStatus> ReportedAsync(Deployment deployment, Func<ReportedStatus, bool> awaited) =>
        UntilAsync(async db => ReportedStatus.Of((await db.Deployments.AsNoTracking()
            .SingleAsync(d => d.Id == deployment.Id, Cancel)).ReportedStatus) is { } status && awaited(status) ? status : null);
}
