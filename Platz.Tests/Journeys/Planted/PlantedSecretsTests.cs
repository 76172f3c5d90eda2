using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Journeys.Planted;

/// <summary>
/// Secrets of every kind go through success and failure of every operation, with a chart, a registry and a cluster that
/// tell whatever they learn. Nothing of it may be found anywhere afterwards.
/// </summary>
public sealed class PlantedSecretsTests(PostgresServer postgres, ChartRegistry registry, Browser browser)
    : PlantedTest(postgres, registry)
{
    [Fact]
    public async Task No_secret_is_told_by_any_operation_that_ends_well_or_ends_in_failure()
    {
        var (shop, stay, image, broken) = await InstallAsync();
        await UpgradeAsync(shop);
        await InvokeAsync(shop);
        await RestartAsync(shop);
        await ReinstallAsync(shop, broken);
        await RecreateAsync(shop, broken);
        await UninstallAsync(shop, stay);
        await FailsAsync("refuses planted/leaky", () =>
        {
            RegistryProxy.Refuses = request => request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal);
            return EditAsync(image, new DeploymentEdit { Config = Config("ok") });
        });
        RegistryProxy.Refuses = _ => false;
        Assert.Equal(OperationPhases.Kinds.SelectMany(kind => new[] { $"{kind} Done", $"{kind} Failed" }).Order(), Ends.Order());

        await using var pages = await Pages.OpenAsync(browser, ConnectionString, KeyFile, Alice.Id, Cancel);
        await pages.VisitAsync([shop, image], await TasksAsync(), Cancel);
        var leaks = await LeaksAsync(pages);
        Assert.True(leaks.Count == 0, string.Join('\n', leaks));
    }

    private async Task<(Guid Shop, Guid Stay, Guid Image, Guid Broken)> InstallAsync()
    {
        var saved = new List<SaveResult.Saved>();
        foreach (var mode in new[] { "ok", "stay", "image", "fail" })
        {
            saved.Add(await DeployAsync("leaky", "1.0.0", mode, Config(mode)));
        }

        await EndsWellAsync(saved[0].TaskId);
        await EndsWellAsync(saved[1].TaskId);
        await FailsAsync("execution error", saved[3].TaskId);
        await FailsAsync("context deadline exceeded", saved[2].TaskId);
        Assert.Contains("ImagePullBackOff", await LogTextAsync(saved[2].TaskId!.Value));
        Assert.Contains(Redactor.Mask, await LogTextAsync(saved[0].TaskId!.Value)); // the notes did print them
        return (saved[0].DeploymentId, saved[1].DeploymentId, saved[2].DeploymentId, saved[3].DeploymentId);
    }

    private async Task UpgradeAsync(Guid shop)
    {
        await EndsWellAsync(() => EditAsync(shop, new DeploymentEdit { Config = Config("calm") }));
        await FailsAsync("is invalid", () => EditAsync(shop, new DeploymentEdit { Config = Config("refused") }));
        await EndsWellAsync(() => EditAsync(shop, new DeploymentEdit { Config = Config("ok") }));
    }

    private async Task InvokeAsync(Guid shop)
    {
        var chart = (await DeploymentAsync(shop)).HelmChartId;
        await EndsWellAsync(() => InvokeAsync(shop, chart, "echo"));
        await FailsAsync("answered 500", () => InvokeAsync(shop, chart, "refuse"));
    }

    private async Task<Guid?> InvokeAsync(Guid shop, Guid chart, string action)
    {
        var body = new JsonObject { ["note"] = Note, ["database"] = $"{Database}" };
        var request = new ActionRequest(chart, action, body) { DeploymentId = shop };
        return Assert.IsType<SaveResult.Saved>(await Commands.InvokeActionAsync(request, Alice, Cancel)).TaskId;
    }

    private async Task RestartAsync(Guid shop)
    {
        var web = await UntilAsync(db => Task.FromResult(
            db.K8sResources.FirstOrDefault(r => r.DeploymentId == shop && r.Kind == "Deployment")));
        var request = new RestartRequest(web.Id, web.Name) { DeploymentId = shop };
        await EndsWellAsync(async () =>
            Assert.IsType<SaveResult.Saved>(await Commands.RestartAsync(request, Alice, Cancel)).TaskId);
        ClusterProxy.Refuses = call => call.Method == "PATCH" && call.Path.Value!.Contains("/deployments/", StringComparison.Ordinal);
        await FailsAsync("forbids this: not with", async () =>
            Assert.IsType<SaveResult.Saved>(await Commands.RestartAsync(request, Alice, Cancel)).TaskId);
        ClusterProxy.Refuses = _ => false;
    }

    private async Task ReinstallAsync(Guid shop, Guid broken)
    {
        await Services.GetRequiredService<SecretEditor>().UpdateAsync(
            Database, null, Secrets.Plant("the new env secret", "postgres://u:CORE&\"<é>@db/x"), Alice, Cancel);
        await EndsWellAsync(await LatestAsync(shop, nameof(Reinstall)));
        await FailsAsync("execution error", await LatestAsync(broken, nameof(Reinstall)));
    }

    private async Task RecreateAsync(Guid shop, Guid broken)
    {
        var other = (await ClusterAsync("other")).Id;
        await EndsWellAsync(() => EditAsync(shop, new DeploymentEdit { ClusterId = other }));
        await FailsAsync("execution error", () => EditAsync(broken, new DeploymentEdit { ClusterId = other }));
    }

    private async Task UninstallAsync(Guid shop, Guid stay)
    {
        await EndsWellAsync(() => EditAsync(shop, new DeploymentEdit { Enabled = false }));
        await FailsAsync("is invalid", () => EditAsync(stay, new DeploymentEdit { Enabled = false }));
    }
}
