using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Deployments;

public sealed class ConflictNoticeTests(PostgresServer postgres) : ChartFormTest(postgres)
{
    private const string Config = """{"title": "Pantry", "replicas": 1, "memory": 64, "admin_password": "hunter2"}""";

    [Fact]
    public async Task What_somebody_else_has_changed_is_called_as_the_form_calls_it()
    {
        var notice = await ConflictAsync();

        Assert.Contains("Web pods", notice, StringComparison.Ordinal);
        Assert.Contains("Values override", notice, StringComparison.Ordinal);
        Assert.Contains("sunflower", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_maintainer_is_told_of_the_values_override_but_not_what_is_in_it()
    {
        await MakeAliceAsync(EnvRole.User);
        await using (var db = await DbAsync())
        {
            db.Add(new DeploymentPermission
            {
                EnvId = Env.Id,
                KindId = Kind.Id,
                UserId = Alice.Id,
                Role = KindRole.Maintainer,
            });
            await db.SaveChangesAsync(Cancel);
        }

        var notice = await ConflictAsync();

        Assert.Contains("Web pods", notice, StringComparison.Ordinal);
        Assert.Contains("the values override", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("sunflower", notice, StringComparison.Ordinal);
    }

    /// <summary>Saves a form over what an admin has saved since it was opened.</summary>
    private async Task<string> ConflictAsync()
    {
        var admin = new User { DisplayName = "Root", Email = "root@example.org", IsAdmin = true };
        await using (var db = await DbAsync())
        {
            db.Add(admin);
            await db.SaveChangesAsync(Cancel);
        }

        Actor root = new Actor.User(admin.Id, admin.DisplayName);
        var sink = await AddSinkAsync(Config, root);
        var form = await OpenAsync(sink);
        var config = SealedJson.MaskInputs(sink.Config);
        (config["replicas"], config["admin_password"]) = (4, "swordfish");
        var theirs = new DeploymentEdit { Config = config, ValuesOverride = new() { ["sunflower"] = true } };
        Assert.IsType<SaveResult.Saved>(await Page.Services.GetRequiredService<DeploymentEditor>().UpdateAsync(
            sink.Id, theirs, root, Cancel));

        await form.Find("#config-title").ChangeAsync("Mine");
        await form.Find("form").SubmitAsync();
        form.WaitForAssertion(() => Assert.Contains(
            "Somebody else has changed", form.Find(".notice-bad").TextContent, StringComparison.Ordinal), Patience);
        return form.Find(".notice-bad").TextContent;
    }
}
