using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Activity;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

public sealed class SavedViewsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly User _bob = new() { DisplayName = "Bob", Email = "bob@example.org" };

    private SavedViews Views => Services.GetRequiredService<SavedViews>();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var db = await DbAsync();
        db.Add(_bob);
        await db.SaveChangesAsync(Cancel);
    }

    [Fact]
    public async Task Views_are_kept_by_reader_and_place_in_order_of_their_names()
    {
        Assert.Equal(SaveViewOutcome.Saved, await SaveAsync("  ours  ", "status=Failed"));
        Assert.Equal(SaveViewOutcome.Saved, await SaveAsync("also"));
        Assert.Equal(SaveViewOutcome.Saved, await Views.SaveAsync(Alice.Id, null, "ours", "range=7d", Cancel));
        Assert.Equal(SaveViewOutcome.Saved, await Views.SaveAsync(_bob.Id, Env.Id, "ours", "", Cancel));

        Assert.Equal([("also", ""), ("ours", "status=Failed")], await KeptAsync(Alice.Id, Env.Id));
        Assert.Equal([("ours", "range=7d")], await KeptAsync(Alice.Id, null));
        Assert.Equal([("ours", "")], await KeptAsync(_bob.Id, Env.Id));
    }

    [Fact]
    public async Task A_name_is_given_once_in_one_place()
    {
        await SaveAsync("ours");
        await SaveAsync("also");
        await Views.SaveAsync(Alice.Id, null, "ours", "", Cancel);

        Assert.Equal(SaveViewOutcome.NameTaken, await SaveAsync("ours"));
        Assert.Equal(SaveViewOutcome.NameTaken, await Views.SaveAsync(Alice.Id, null, "ours", "", Cancel));
        var also = (await Views.OfAsync(Alice.Id, Env.Id, Cancel))[0];
        Assert.Equal(SaveViewOutcome.NameTaken, await Views.RenameAsync(Alice.Id, also.Id, "ours", Cancel));
        Assert.Equal(SaveViewOutcome.Saved, await Views.RenameAsync(Alice.Id, also.Id, "theirs", Cancel));
        Assert.Equal(["ours", "theirs"], (await KeptAsync(Alice.Id, Env.Id)).Select(v => v.Name));
    }

    [Fact]
    public async Task What_somebody_else_keeps_is_neither_renamed_nor_deleted()
    {
        await SaveAsync("ours");
        var view = Assert.Single(await Views.OfAsync(Alice.Id, Env.Id, Cancel));

        Assert.Equal(SaveViewOutcome.Gone, await Views.RenameAsync(_bob.Id, view.Id, "mine", Cancel));
        await Views.DeleteAsync(_bob.Id, view.Id, Cancel);
        Assert.Equal(["ours"], (await KeptAsync(Alice.Id, Env.Id)).Select(v => v.Name));

        await Views.DeleteAsync(Alice.Id, view.Id, Cancel);
        Assert.Empty(await KeptAsync(Alice.Id, Env.Id));
    }

    [Theory]
    [InlineData("", SaveViewOutcome.NoName)]
    [InlineData(" \t", SaveViewOutcome.NoName)]
    [InlineData("a\0b", SaveViewOutcome.NoName)]
    public async Task A_view_needs_a_name_that_can_be_kept(string name, SaveViewOutcome expected) =>
        Assert.Equal(expected, await SaveAsync(name));

    [Fact]
    public async Task There_is_a_limit_to_names_filters_and_their_number()
    {
        Assert.Equal(SaveViewOutcome.TooLong, await SaveAsync(new string('n', SavedView.LongestName + 1)));
        Assert.Equal(SaveViewOutcome.TooLong, await SaveAsync("long", new string('q', SavedView.LongestQuery + 1)));
        for (var i = 0; i < SavedViews.Most; i++)
        {
            Assert.Equal(SaveViewOutcome.Saved, await SaveAsync($"view {i}"));
        }

        Assert.Equal(SaveViewOutcome.TooMany, await SaveAsync("one more"));
    }

    private Task<SaveViewOutcome> SaveAsync(string name, string query = "") =>
        Views.SaveAsync(Alice.Id, Env.Id, name, query, Cancel);

    private async Task<IEnumerable<(string Name, string Query)>> KeptAsync(Guid userId, Guid? envId) =>
        (await Views.OfAsync(userId, envId, Cancel)).Select(view => (view.Name, view.Query));
}
