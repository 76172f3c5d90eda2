using System.Text.Json.Nodes;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Tests.Support;
using Platz.Web.Deployments;

namespace Platz.Tests.Web.Deployments;

/// <summary>The form of a deployment whose chart is the kitchen sink, 1.0.0 or 1.1.0.</summary>
public abstract class ChartFormTest(PostgresServer postgres) : PageTest(postgres)
{
    protected Chart Sink { get; private set; } = null!;

    protected Chart NewerSink { get; private set; } = null!;

    protected string Address => Page.Services.GetRequiredService<NavigationManager>().Uri;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Page.Render<MudPopoverProvider>();
        Sink = await AddChartAsync("1.0.1", chart => SampleSchema.Into(chart, "kitchen-sink", "1.0.0"));
        NewerSink = await AddChartAsync("1.1.0", chart => SampleSchema.Into(chart, "kitchen-sink", "1.1.0"));
    }

    protected async Task<Chart> AddChartAsync(string version, Action<Chart> fill)
    {
        var chart = NewChart(version);
        fill(chart);
        await using var db = await DbAsync();
        db.Add(chart);
        await db.SaveChangesAsync(Cancel);
        return chart;
    }

    /// <summary>Made as a person would, so that what is sensitive is sealed.</summary>
    protected Task<Deployment> AddSinkAsync(string config, string name = "shop") => AddSinkAsync(config, Alice, name);

    protected async Task<Deployment> AddSinkAsync(string config, Actor actor, string name = "shop")
    {
        var result = await Page.Services.GetRequiredService<DeploymentEditor>().CreateAsync(
            new NewDeployment
            {
                Name = name,
                KindId = Kind.Id,
                ClusterId = Cluster.Id,
                HelmChartId = Sink.Id,
                Config = JsonNode.Parse(config)!.AsObject(),
            },
            actor, Cancel);
        var id = Assert.IsType<SaveResult.Saved>(result).DeploymentId;
        await ExecuteAsync("UPDATE deployments SET status = 'Running'");
        return await ReadAsync(id);
    }

    protected async Task<Deployment> ReadAsync(Guid id)
    {
        await using var db = await DbAsync();
        return await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == id, Cancel);
    }

    protected async Task<IRenderedComponent<DeploymentForm>> OpenAsync(Deployment? deployment = null)
    {
        Page.Services.GetRequiredService<NavigationManager>().NavigateTo("/edit");
        var existing = deployment is null
            ? null
            : Assert.Single(await Page.Services.GetRequiredService<DeploymentList>()
                .FindAsync(Env.Id, Kind.Id, deployment.Id.ToString(), Cancel));
        var form = Page.Render<DeploymentForm>(p => p.Add(f => f.Place, Place).Add(f => f.Existing, existing));
        form.WaitForAssertion(() => Assert.NotEmpty(form.FindComponent<ChartPicker>().Instance.Choices), Patience);
        if (existing is not null)
        {
            form.WaitForAssertion(() => Assert.NotNull(form.FindComponent<ChartPicker>().Instance.Value), Patience);
        }

        return form;
    }

    protected static async Task PickAsync(IRenderedComponent<DeploymentForm> form, Chart chart)
    {
        var picker = form.FindComponent<ChartPicker>();
        await form.InvokeAsync(
            () => picker.Instance.ValueChanged.InvokeAsync(picker.Instance.Choices.Single(c => c.Id == chart.Id)));
        form.WaitForAssertion(
            () => Assert.Equal(chart.Id, form.FindComponent<ChartPicker>().Instance.Value?.Id), Patience);
    }

    protected async Task SaveAsync(IRenderedComponent<DeploymentForm> form)
    {
        await form.Find("form").SubmitAsync();
        form.WaitForAssertion(() => Assert.Contains("/history", Address, StringComparison.Ordinal), Patience);
    }
}
