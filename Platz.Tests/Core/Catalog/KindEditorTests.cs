using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Catalog;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Catalog;

public sealed class KindEditorTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private KindEditor Kinds => Services.GetRequiredService<KindEditor>();

    [Fact]
    public async Task A_kind_is_called_something_else_and_what_is_deployed_stays_where_it_is()
    {
        var deployment = await AddDeploymentAsync();

        Assert.IsType<SettingResult.Saved>(await Kinds.RenameAsync(Kind.Id, " Site ", Alice, Cancel));

        await using var db = await DbAsync();
        Assert.Equal("Site", (await db.Kinds.SingleAsync(Cancel)).Name);
        Assert.Equal("web-shop", (await db.Deployments.SingleAsync(d => d.Id == deployment.Id, Cancel)).Namespace);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("-web")]
    [InlineData("web-")]
    [InlineData("wéb")]
    [InlineData("a/b")]
    [InlineData("we\nb")]
    [InlineData("Kube-System")]
    [InlineData("0190f8a2-7c1e-7000-8000-000000000000")]
    [InlineData("taken")]
    [InlineData("a2345678901234567890123456789012345678901234567890123")]
    public async Task A_name_that_no_namespace_could_begin_with_or_that_is_taken_is_refused(string name)
    {
        await using (var db = await DbAsync())
        {
            db.Add(new Kind { Name = "Taken" });
            await db.SaveChangesAsync(Cancel);
        }

        var refused = Assert.IsType<SettingResult.Invalid>(await Kinds.RenameAsync(Kind.Id, name, Alice, Cancel));
        Assert.Equal("name", Assert.Single(refused.Errors).Field);
    }

    [Fact]
    public async Task It_may_be_written_otherwise_and_is_nobodys_but_a_site_admins_to_change()
    {
        Assert.IsType<SettingResult.Saved>(await Kinds.RenameAsync(Kind.Id, "WEB", Alice, Cancel));
        Assert.IsType<SettingResult.NotFound>(await Kinds.RenameAsync(Guid.NewGuid(), "x", Alice, Cancel));

        await ExecuteAsync("UPDATE users SET is_admin = false");
        Assert.IsType<SettingResult.Forbidden>(await Kinds.RenameAsync(Kind.Id, "x", Alice, Cancel));
    }
}
