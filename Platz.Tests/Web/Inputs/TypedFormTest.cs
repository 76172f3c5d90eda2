using System.Text.Json.Nodes;
using Bunit;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Tests.Support;
using Platz.Web.Deployments;
using Platz.Web.Inputs;

namespace Platz.Tests.Web.Inputs;

/// <summary>What tests of generated forms share: a chart for each, somebody who types, and what is stored then.</summary>
public abstract class TypedFormTest(PostgresServer postgres) : PageTest(postgres)
{
    private const int Times = 12;
    private readonly List<Guid> _secrets = [];
    private int _count;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var (collection, name) in new[] { ("wanted", "one"), ("wanted", "two"), ("other", "three") })
        {
            var saved = await Page.Services.GetRequiredService<SecretEditor>()
                .CreateAsync(new NewSecret(Env.Id, collection, name, "open sesame"), Alice, Cancel);
            _secrets.Add(Assert.IsType<SecretResult.Saved>(saved).Id);
        }
    }

    private protected Task EachAsync(Func<TypedForm, Task> assert) => TypedForm.Of(_secrets[..2]).SampleAsync(
        async form =>
        {
            await assert(form);
            await Page.DisposeComponentsAsync();
        },
        iter: Times, threads: 1, print: form => form.ToString());

    /// <summary>Deploys what is typed into the form of a new deployment, with the chart as the database has it.</summary>
    private protected async Task<(ValuesUi Ui, Deployment Stored)> SaveAsync(TypedForm form)
    {
        var chart = NewChart($"1.0.{++_count}");
        ChartSchemaJson.Write(chart, new ChartSchema(form.Ui, [], new ChartFeatures(), []));
        await using (var db = await DbAsync())
        {
            db.Add(chart);
            await db.SaveChangesAsync(Cancel);
        }

        var config = new ConfigDraft(null);
        config.Use(ChartSchema.Of(chart).ValuesUi);
        await TypeAsync(Open(config), form, config.Inputs!, onlyPlain: false);
        Assert.True(config.Check(), string.Join("; ", form.Ui.Inputs.Select(i => config.Inputs!.Error(i.Id))));
        var result = await Page.Services.GetRequiredService<DeploymentEditor>().CreateAsync(
            new NewDeployment
            {
                Name = $"d{_count}",
                KindId = Kind.Id,
                ClusterId = Cluster.Id,
                HelmChartId = chart.Id,
                Config = config.Value!,
            },
            Alice, Cancel);
        return await ReadFormAsync(await ReadAsync(Saved(result).DeploymentId));
    }

    /// <summary>All inputs, those too that are hidden in the end: they are typed while the first one shows them.</summary>
    private protected static async Task TypeAsync(
        IRenderedComponent<InputForm> page, TypedForm form, InputDraft draft, bool onlyPlain)
    {
        var hand = new FormHand(page);
        foreach (var first in new[] { true, false })
        {
            await hand.TypeAsync(TypedForm.First, first);
            foreach (var input in draft.Ui.Inputs.Skip(1).Where(draft.IsVisible).Where(i => !onlyPlain || !i.Sensitive))
            {
                await hand.TypeAsync(input, form.Answers[input.Id]);
            }
        }

        await hand.TypeAsync(TypedForm.First, form.Last);
    }

    private protected async Task SaveAsync(Guid id, JsonObject config) => Saved(
        await Page.Services.GetRequiredService<DeploymentEditor>()
            .UpdateAsync(id, new DeploymentEdit { Config = config }, Alice, Cancel));

    private protected static SaveResult.Saved Saved(SaveResult result) => result is SaveResult.Invalid invalid
        ? throw new InvalidOperationException(string.Join("; ", invalid.Errors))
        : Assert.IsType<SaveResult.Saved>(result);

    private protected IRenderedComponent<InputForm> Open(ConfigDraft config)
    {
        var page = Page.Render<InputForm>(p => p.Add(f => f.Draft, config.Inputs!).Add(f => f.EnvId, Env.Id));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("select[disabled]")), Patience);
        return page;
    }

    private protected async Task<Deployment> ReadAsync(Guid id)
    {
        await using var db = await DbAsync();
        return await db.Deployments.AsNoTracking().SingleAsync(d => d.Id == id, Cancel);
    }

    private protected async Task<(ValuesUi Ui, Deployment Stored)> ReadFormAsync(Deployment stored)
    {
        await using var db = await DbAsync();
        var chart = await db.Charts.AsNoTracking().SingleAsync(c => c.Id == stored.HelmChartId, Cancel);
        return (ChartSchema.Of(chart).ValuesUi!, stored);
    }
}
