using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Tests.Core.Charts.Extensions;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

/// <summary>From a real registry into a real database.</summary>
public sealed class ChartDiscoveryTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly RegistryServer _registry = new();
    private readonly TempFolder _chart = new();

    [Fact]
    public async Task A_chart_comes_with_its_form_actions_features_and_values()
    {
        var chart = await PushedAsync(
            ("values.yaml", "replicas: 2 # as many as you like\n"),
            ("platz/values-ui.yaml", Everything.ValuesUi), ("platz/actions.yaml", Everything.Actions),
            ("platz/features.yaml", Everything.Features), ("platz/resources.yaml", Everything.Resources));

        Assert.Null(chart.Error);
        Assert.Equal("replicas: 2 # as many as you like\n", chart.DefaultValues);
        Assert.False(chart.ReinstallDependencies);
        Assert.Equal(1, chart.ReaderVersion);
        Assert.Equal(
            Schemas.Dump(Schemas.Read(
                Everything.ValuesUi, Everything.Actions, Everything.Features, Everything.Resources)),
            Schemas.Dump(ChartSchema.Of(chart)));
    }

    [Fact]
    public async Task A_chart_without_extensions_has_the_usual_features()
    {
        var chart = await PushedAsync();

        Assert.Equal(Schemas.Dump(ChartSchema.None), Schemas.Dump(ChartSchema.Of(chart)));
        Assert.NotNull(chart.Features);
        Assert.Null(chart.ValuesUi);
        Assert.Null(chart.DefaultValues);
        Assert.True(chart.ReinstallDependencies);
    }

    [Fact]
    public async Task A_broken_extension_breaks_the_chart_with_file_and_line()
    {
        var chart = await PushedAsync(
            ("platz/features.yaml", Everything.Features.Replace("motd", "nobody", StringComparison.Ordinal)),
            ("platz/values-ui.yaml", Everything.ValuesUi), ("platz/actions.yaml", Everything.Actions));

        Assert.Equal(
            "platz/features.yaml, line 11: There is no input \"nobody\" in the chart's form.", chart.Error);
        Assert.True(chart is { ValuesUi: null, ActionsSchema: null, Features: null, ResourceTypes: null });
        Assert.True(chart.ReinstallDependencies);
        Assert.Equal("1.0.0", chart.ParsedVersion);
    }

    [Fact]
    public async Task Values_that_a_form_would_refuse_are_for_helm_to_judge()
    {
        var chart = await PushedAsync(("values.yaml", "a: !!str 1 # a comment\n"));

        Assert.Null(chart.Error);
        Assert.Equal("a: !!str 1 # a comment\n", chart.DefaultValues);
    }

    [Fact]
    public async Task Values_too_large_to_show_are_left_out()
    {
        var chart = await PushedAsync(("values.yaml", "#" + new string('x', 256 << 10)));

        Assert.Null(chart.Error);
        Assert.Null(chart.DefaultValues);
    }

    [Fact]
    public async Task A_chart_read_by_an_older_reader_is_read_again_in_its_row()
    {
        var before = await PushedAsync(("platz/values-ui.yaml", Everything.ValuesUi));
        await ExecuteAsync("""
            UPDATE helm_charts SET reader_version = 0, values_ui = NULL, features = NULL, error = 'old', app_version = 'x'
            """);

        await DiscoverAsync();

        var after = await ChartAsync();
        Assert.Equal((before.Id, 1, null, "x"), (after.Id, after.ReaderVersion, after.Error, after.AppVersion));
        Assert.True(JsonNode.DeepEquals(before.ValuesUi, after.ValuesUi));
        Assert.True(JsonNode.DeepEquals(before.Features, after.Features));
    }

    [Fact]
    public async Task A_chart_read_already_is_left_alone()
    {
        await PushedAsync();
        await ExecuteAsync("UPDATE helm_charts SET error = 'kept', reader_version = 7");

        await DiscoverAsync();

        Assert.Equal(("kept", 7), ((await ChartAsync()).Error, (await ChartAsync()).ReaderVersion));
    }

    [Fact]
    public async Task A_tag_pushed_again_is_a_new_chart_beside_the_older()
    {
        var older = await PushedAsync(("values.yaml", "a: 1\n"));
        var newer = await PushedAsync(("values.yaml", "a: 2\n"));

        Assert.NotEqual(older.Id, newer.Id);
        Assert.Equal("a: 2\n", newer.DefaultValues);
        await using var db = await DbAsync();
        Assert.False((await db.Charts.SingleAsync(c => c.Id == older.Id, Cancel)).Available);
    }

    [Fact]
    public async Task A_repository_whose_last_tag_was_deleted_is_told_to_be_gone()
    {
        var chart = await PushedAsync();
        await DiscoverAsync();
        Assert.Equal([AuditAction.RegistryFound], await ToldAsync());

        await _registry.DeleteAsync("charts/shop", chart.ImageDigest, Cancel);
        await DiscoverAsync();
        await DiscoverAsync();

        Assert.Equal([AuditAction.RegistryFound, AuditAction.RegistryGone], await ToldAsync());
        await using var db = await DbAsync();
        Assert.False((await db.Charts.SingleAsync(c => c.Id == chart.Id, Cancel)).Available);
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await _registry.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _registry.DisposeAsync();
        _chart.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<Chart> PushedAsync(params (string Path, string Text)[] files)
    {
        await WriteAsync("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
        foreach (var (path, text) in files)
        {
            await WriteAsync(path, text);
        }

        await _registry.PushAsync(_chart.Path, "charts", Cancel);
        await DiscoverAsync();
        return await ChartAsync();
    }

    private async Task WriteAsync(string path, string text)
    {
        var file = _chart.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, Cancel);
    }

    private async Task DiscoverAsync()
    {
        var options = new RegistriesOptions
        {
            Sources = [new RegistrySource { Name = "local", Url = $"http://{_registry.Host}/charts" }],
        };
        using var sources = new RegistrySources(
            Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);
        await ActivatorUtilities.CreateInstance<ChartDiscovery>(Services, sources).DiscoverAsync(Cancel);
    }

    private async Task<List<string>> ToldAsync()
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.OrderBy(e => e.Seq).Select(e => e.Action).ToListAsync(Cancel);
    }

    private async Task<Chart> ChartAsync()
    {
        await using var db = await DbAsync();
        return await db.Charts.AsNoTracking().SingleAsync(c => c.ChartName == "shop" && c.Available, Cancel);
    }
}
