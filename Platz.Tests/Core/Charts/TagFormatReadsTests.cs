using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

public sealed class TagFormatReadsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private TagFormats Formats => Services.GetRequiredService<TagFormats>();

    private TagFormatReads Reads => Services.GetRequiredService<TagFormatReads>();

    [Fact]
    public async Task Formats_are_listed_as_they_are_tried_with_how_much_each_has_read()
    {
        await AddAsync("build-1", "build-2");
        Assert.IsType<SettingResult.Saved>(await Formats.AddAsync("^build-(?<revision>[0-9]+)$", Alice, Cancel));
        await Formats.ReadTagsAsync(Cancel);
        await ExecuteAsync("INSERT INTO helm_tag_formats (id, pattern) VALUES (gen_random_uuid(), '(')");

        var formats = await Reads.ListAsync(Cancel);

        Assert.Equal(("(", 0), (formats[0].Pattern, formats[0].Charts));
        Assert.Contains("no regular expression", formats[0].Error, StringComparison.Ordinal);
        Assert.Equal(("^build-(?<revision>[0-9]+)$", 2), (formats[1].Pattern, formats[1].Charts));
        Assert.Null(formats[1].Error);
        Assert.Contains(formats[2..], f => f.Charts == 1); // came with the product, and has read 1.0.0
    }

    [Fact]
    public async Task A_preview_tells_what_would_be_read_and_changes_nothing()
    {
        await Formats.ReadTagsAsync(Cancel); // 1.0.0
        await AddAsync("build-1", "nightly", "gone");
        await ExecuteAsync("UPDATE helm_charts SET available = false WHERE image_tag = 'gone'");

        var preview = await Reads.PreviewAsync(@"^(?:(?<version>\d+)\..+|build-(?P<revision>\d+))$", Cancel);

        Assert.Equal((null, 3, 2, 1), (preview.Error, preview.Charts, preview.Fitting, preview.New));
        Assert.Equal(
            [
                new TagFit("web", "build-1", new ReadTag(null, "1", null, null), IsRead: false),
                new TagFit("web", "1.0.0", new ReadTag("1", null, null, null), IsRead: true),
            ],
            preview.Fits);
        Assert.Equal(["nightly"], preview.Unread);
        Assert.Equal(0, await Formats.ReadTagsAsync(Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("[0-9]+")]
    public async Task A_preview_refuses_what_cannot_be_added_in_the_same_words(string pattern)
    {
        var refused = Assert.IsType<SettingResult.Invalid>(await Formats.AddAsync(pattern, Alice, Cancel));

        Assert.Equal(Assert.Single(refused.Errors).Message, (await Reads.PreviewAsync(pattern, Cancel)).Error);
    }

    private async Task AddAsync(params string[] tags)
    {
        await using var db = await DbAsync();
        db.AddRange(tags.Select(NewChart));
        await db.SaveChangesAsync(Cancel);
    }
}
