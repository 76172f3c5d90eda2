using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

public sealed class TagFormatsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private TagFormats Formats => Services.GetRequiredService<TagFormats>();

    [Theory]
    [InlineData("v1.2.3", "1.2.3", null, null, null)]
    [InlineData("1.2.3-feature-x-17-0abcdef", "1.2.3", "feature-x", "17", "0abcdef")]
    [InlineData("latest", null, null, null, null)]
    public async Task Tags_are_read_by_the_formats_that_come_with_the_product(
        string tag, string? version, string? branch, string? revision, string? commit)
    {
        var chart = await ReadAsync(tag);

        Assert.Equal(
            (version, branch, revision, commit),
            (chart.ParsedVersion, chart.ParsedBranch, chart.ParsedRevision, chart.ParsedCommit));
        Assert.Equal(version is not null, chart.TagFormatId is not null);
    }

    [Fact]
    public async Task The_newest_format_that_fits_reads_a_tag_and_what_the_chart_says_counts_more()
    {
        var id = Saved(await Formats.AddAsync(@"^v?(?P<version>\d+)\.\d+\.(?P<revision>\d+)$", Alice, Cancel));

        var chart = await ReadAsync("7.8.9", ownVersion: "own");

        Assert.Equal((id, "own", "9"), (chart.TagFormatId, chart.ParsedVersion, chart.ParsedRevision));
        Assert.Equal(0, await Formats.ReadTagsAsync(Cancel)); // once
    }

    [Fact]
    public async Task A_format_that_is_added_reads_what_no_other_has_read_and_leaves_it_when_it_goes()
    {
        Assert.Null((await ReadAsync("build-12")).TagFormatId);
        var id = Saved(await Formats.AddAsync("^build-(?<revision>[0-9]+)$", Alice, Cancel));
        Assert.Equal(1, await Formats.ReadTagsAsync(Cancel));

        Assert.IsType<SettingResult.Saved>(await Formats.DeleteAsync(id, Alice, Cancel));

        await using var db = await DbAsync();
        var chart = await db.Charts.SingleAsync(c => c.ImageTag == "build-12", Cancel);
        Assert.Equal((null, "12"), (chart.TagFormatId, chart.ParsedRevision));
        Assert.IsType<SettingResult.NotFound>(await Formats.DeleteAsync(id, Alice, Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("[0-9]+")]
    [InlineData("(?<name>x)")]
    [InlineData("(?<version>x)(?<other>y)")]
    [InlineData("(?=a)(?<version>x)")]
    [InlineData(@"(?<version>x)\k<version>")]
    [InlineData("(?<version>(a{900}){900})")]
    [InlineData("(?<version>a{99999999999999999999})")]
    public async Task A_pattern_that_cannot_read_tags_or_would_take_too_long_is_refused(string pattern)
    {
        var refused = Assert.IsType<SettingResult.Invalid>(await Formats.AddAsync(pattern, Alice, Cancel));

        Assert.Equal("pattern", Assert.Single(refused.Errors).Field);
    }

    [Fact]
    public async Task A_pattern_that_backtracks_without_end_elsewhere_is_quick_here()
    {
        Saved(await Formats.AddAsync("^(?<version>(a+)+)$", Alice, Cancel));

        Assert.Null((await ReadAsync($"{new string('a', 120)}!")).TagFormatId);
    }

    [Fact]
    public async Task Formats_are_a_site_admins_and_each_is_there_once()
    {
        const string pattern = "^(?<branch>[a-z]+)$";
        Saved(await Formats.AddAsync(pattern, Alice, Cancel));
        Assert.IsType<SettingResult.Conflict>(await Formats.AddAsync(pattern, Alice, Cancel));

        await ExecuteAsync("UPDATE users SET is_admin = false");
        Assert.IsType<SettingResult.Forbidden>(await Formats.AddAsync("^(?<branch>x)$", Alice, Cancel));
        Assert.IsType<SettingResult.Forbidden>(await Formats.DeleteAsync(Guid.NewGuid(), Alice, Cancel));
    }

    private static Guid Saved(SettingResult result) => Assert.IsType<SettingResult.Saved>(result).Id;

    private async Task<Chart> ReadAsync(string tag, string? ownVersion = null)
    {
        await using var db = await DbAsync();
        var chart = NewChart(tag);
        chart.ParsedVersion = ownVersion;
        db.Add(chart);
        await db.SaveChangesAsync(Cancel);
        await Formats.ReadTagsAsync(Cancel);
        await db.Entry(chart).ReloadAsync(Cancel);
        return chart;
    }
}
