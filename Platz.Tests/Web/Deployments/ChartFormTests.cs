using System.Text.Json.Nodes;
using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Core.Values;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Deployments;

public sealed class ChartFormTests(PostgresServer postgres) : ChartFormTest(postgres)
{
    private const string Whole = """
        {"title":"Shop","replicas":2,"sampling":0,"memory":256,"debug":false,"tags":[],"backup":false,
         "admin_password":"hunter2"}
        """;

    [Fact]
    public async Task What_is_typed_into_the_charts_form_is_deployed()
    {
        var form = await OpenAsync();
        Assert.Empty(form.FindAll("#config, #config-title"));
        await form.Find("#name").ChangeAsync("shop");
        await PickAsync(form, Sink);
        Assert.Equal("Kitchen sink", form.Find("#config-title").GetAttribute("value"));

        await form.Find("#config-replicas").ChangeAsync("3");
        await form.Find("#config-admin_password").ChangeAsync("hunter2");
        await SaveAsync(form);

        var install = Assert.IsType<Install>(Assert.Single(await TasksAsync()).Operation);
        Assert.Equal(3, install.ConfigInputs["replicas"]!.GetValue<int>());
        Assert.Equal(64, install.ConfigInputs["memory"]!.GetValue<int>());
        Assert.True(SealedJson.IsSealed(install.ConfigInputs["admin_password"]));
    }

    [Fact]
    public async Task What_is_wrong_is_said_at_its_input_and_nothing_is_saved()
    {
        var form = await OpenAsync();
        await form.Find("#name").ChangeAsync("shop");
        await PickAsync(form, Sink);
        await form.Find("#config-replicas").ChangeAsync("9");

        await form.Find("form").SubmitAsync();

        Assert.Equal("This must be 5 or less.", form.Find("#config-replicas-error").TextContent);
        Assert.Equal("9", form.Find("#config-replicas").GetAttribute("value"));
        Assert.Empty(await TasksAsync());
    }

    [Fact]
    public async Task Opening_and_saving_an_edit_changes_nothing_that_is_stored()
    {
        var before = await AddSinkAsync(Whole);
        var form = await OpenAsync(before);
        var sealedText = before.Config["admin_password"]!["$sealed"]!.GetValue<string>();

        Assert.DoesNotContain("hunter2", form.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(sealedText, form.Markup, StringComparison.Ordinal);
        await SaveAsync(form);

        Assert.True(JsonNode.DeepEquals(before.Config, (await ReadAsync(before.Id)).Config));
        var upgrade = Assert.IsType<Upgrade>((await TasksAsync())[^1].Operation);
        Assert.Equal("{}", upgrade.ConfigDelta!.ToJsonString());
    }

    [Fact]
    public async Task Another_version_swaps_the_form_in_place_and_keeps_what_was_typed()
    {
        var form = await OpenAsync(await AddSinkAsync(Whole));
        await form.Find("#config-title").ChangeAsync("Mine");
        Assert.Empty(form.FindAll("#config-message"));

        await PickAsync(form, NewerSink);
        await form.Find("#config-message").ChangeAsync("Hello");
        Assert.Equal("Mine", form.Find("#config-title").GetAttribute("value"));
        await PickAsync(form, Sink);
        Assert.Empty(form.FindAll("#config-message"));
        await PickAsync(form, Chart); // no form: YAML, with what was typed so far
        Assert.Contains("title: Mine", form.Find("#config").GetAttribute("value"), StringComparison.Ordinal);
        await PickAsync(form, NewerSink);

        Assert.Equal("Hello", form.Find("#config-message").GetAttribute("value"));
        await SaveAsync(form);
        var upgrade = Assert.IsType<Upgrade>((await TasksAsync())[^1].Operation);
        Assert.Equal("Hello", upgrade.ConfigInputs["message"]!.GetValue<string>());
        Assert.True(SealedJson.IsSealed(upgrade.ConfigInputs["admin_password"]));
    }

    [Fact]
    public async Task A_refusal_of_the_server_is_shown_at_its_input()
    {
        var form = await OpenAsync(await AddSinkAsync(Whole));
        form.WaitForAssertion(() => Assert.False(form.Find("#config-shop").HasAttribute("disabled")), Patience);

        await form.Find("#config-shop").ChangeAsync(Guid.NewGuid().ToString()); // deleted since the list was read
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Equal(
            "This refers to something that is not there any more; choose again.",
            form.Find("#config-shop-error").TextContent), Patience);
        Assert.Contains("No longer there", form.Find("#config-shop").TextContent, StringComparison.Ordinal);
        await form.Find("#config-shop").ChangeAsync("");
        await SaveAsync(form);
    }

    [Fact]
    public async Task A_move_says_what_it_deletes_and_must_be_confirmed()
    {
        var form = await OpenAsync(await AddSinkAsync(Whole));
        Assert.Empty(form.FindAll("[data-move]"));

        await form.Find("#name").ChangeAsync("store");
        Assert.Contains("web-shop there is deleted with all data", Words(form.Find("[data-move]").TextContent), StringComparison.Ordinal);
        await form.Find("form").SubmitAsync();
        Assert.Equal("Confirm the move, or put back name and cluster.", form.Find("#move-error").TextContent);
        Assert.Single(await TasksAsync());

        await form.Find("#move").ChangeAsync(true);
        await SaveAsync(form);
        var recreate = Assert.IsType<Recreate>((await TasksAsync())[^1].Operation);
        Assert.Equal(("web-shop", "web-store"), (recreate.OldNamespace, recreate.NewNamespace));
    }

    [Fact]
    public async Task The_only_one_of_a_cluster_has_no_name()
    {
        var only = await AddChartAsync("2.0.0", chart => chart.Features = JsonNode.Parse(
            """{"apiVersion":"platz.io/v1beta2","kind":"Features","spec":{"cardinality":"OnePerCluster"}}""")!.AsObject());
        var form = await OpenAsync();
        await form.Find("#name").ChangeAsync("typed");

        await PickAsync(form, only);
        Assert.Empty(form.FindAll("#name"));
        await SaveAsync(form);

        var task = Assert.Single(await TasksAsync());
        Assert.Equal(("", "web"), ((await ReadAsync(task.DeploymentId)).Name, task.Namespace));
    }

    [Fact]
    public async Task Who_may_not_see_the_override_has_no_field_for_it_and_leaves_it_as_it_is()
    {
        var deployment = await AddSinkAsync(Whole);
        await ExecuteAsync("UPDATE deployments SET values_override = '{\"a\": 1}', values_override_yaml = 'a: 1 # mine'");
        await BecomeAsync(KindRole.Maintainer);
        var form = await OpenAsync(deployment);

        Assert.Empty(form.FindAll("#override"));
        Assert.DoesNotContain("# mine", form.Markup, StringComparison.Ordinal);
        await form.Find("#config-title").ChangeAsync("Other");
        await SaveAsync(form);

        Assert.Equal("a: 1 # mine", (await ReadAsync(deployment.Id)).ValuesOverrideYaml);
    }

    [Fact]
    public async Task The_comments_of_an_override_are_kept()
    {
        var deployment = await AddSinkAsync(Whole);
        var form = await OpenAsync(deployment);
        await form.Find("#override").ChangeAsync("a: 1 # why\n");
        await SaveAsync(form);

        var again = await OpenAsync(await ReadAsync(deployment.Id));
        Assert.Equal("a: 1 # why\n", again.Find("#override").GetAttribute("value"));
    }

    [Fact]
    public async Task What_is_not_allowed_is_told()
    {
        var form = await OpenAsync(await AddSinkAsync(Whole));
        await BecomeAsync(role: null);

        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Equal(
            "This needs a Maintainer of this kind.", form.Find(".notice-bad").TextContent), Patience);
    }

    [Fact]
    public async Task Of_a_secret_that_somebody_else_changed_no_value_is_shown()
    {
        var deployment = await AddSinkAsync(Whole);
        var form = await OpenAsync(deployment);
        await Page.Services.GetRequiredService<DeploymentEditor>().UpdateAsync(
            deployment.Id,
            new DeploymentEdit
            {
                Config = JsonNode.Parse(Whole.Replace("hunter2", "hunter3", StringComparison.Ordinal))!.AsObject(),
            },
            Alice, Cancel);

        await form.Find("#config-title").ChangeAsync("Mine");
        await form.Find("form").SubmitAsync();

        form.WaitForAssertion(() => Assert.Contains(
            "Password of the admin", form.Find(".notice-bad").TextContent, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("hunter", form.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("$sealed", form.Markup, StringComparison.Ordinal);
    }

    private static string Words(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Alice is no site admin any more, from now on.</summary>
    private async Task BecomeAsync(KindRole? role)
    {
        await ExecuteAsync("UPDATE users SET is_admin = false");
        await using var db = await DbAsync();
        db.Add(new EnvPermission { EnvId = Env.Id, UserId = Alice.Id, Role = EnvRole.User });
        if (role is { } held)
        {
            db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = Alice.Id, Role = held });
        }

        await db.SaveChangesAsync(Cancel);
    }
}
