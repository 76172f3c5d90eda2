using System.Text.Json.Nodes;
using Platz.Core.Charts;
using Platz.Core.Charts.Extensions;
using Platz.Core.Deployments;
using Platz.Core.Values;
using Platz.Tests.Support;
using Platz.Web.Deployments;
using Platz.Web.Inputs;

namespace Platz.Tests.Web.Deployments;

/// <summary>What of a half-filled form is kept outside of the server, and what comes back from there.</summary>
public sealed class KeptDraftTests
{
    private static readonly Guid s_kind = Guid.NewGuid();
    private static readonly Chart s_chart = SampleSchema.Into(
        new Chart
        {
            CreatedAt = DateTimeOffset.UnixEpoch,
            HelmRegistryId = Guid.NewGuid(),
            ImageDigest = "sha256:1",
            ImageTag = "1.0.0",
            ChartName = "web",
        }, "kitchen-sink", "1.0.0");

    [Fact]
    public void Nothing_is_kept_of_a_form_that_nobody_typed_into() => Assert.Null(New().ToKept());

    [Fact]
    public void A_secret_is_not_kept_and_what_is_stored_of_one_stays()
    {
        var edit = Edit("""{"title":"Shop","replicas":1,"memory":64,"admin_password":{"$sealed":"AAAA"}}""");
        Type(edit, "title", "Mine");
        Type(edit, "admin_password", "hunter2");

        var kept = edit.ToKept()!;
        Assert.DoesNotContain("hunter2", kept.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("admin_password", kept.ToJsonString(), StringComparison.Ordinal);

        var again = Edit("""{"title":"Shop","replicas":1,"memory":64,"admin_password":{"$sealed":"AAAA"}}""");
        again.Restore(Parsed(kept));
        Assert.Equal("Mine", again.Config.Value!["title"]!.GetValue<string>());
        Assert.True(SealedJson.IsMask(again.Config.Value!["admin_password"]));
    }

    [Fact]
    public void What_was_emptied_is_empty_again()
    {
        var edit = Edit("""{"title":"Shop","replicas":1,"memory":64,"tags":["a"]}""");
        edit.Config.Inputs!.Set(edit.Config.Inputs.Ui.Find("tags")!, null);

        var again = Edit("""{"title":"Shop","replicas":1,"memory":64,"tags":["a"]}""");
        again.Restore(Parsed(edit.ToKept()!));

        Assert.False(again.Config.Value!.ContainsKey("tags"));
    }

    [Fact]
    public void A_save_that_may_have_arrived_stays_the_same_save()
    {
        var draft = New();
        draft.SetName("shop");
        draft.SetCluster(Guid.NewGuid());
        draft.MarkSent();

        var again = New();
        again.Restore(Parsed(draft.ToKept()!));

        Assert.Equal((draft.ToNew().Id, draft.ToNew().IdempotencyKey), (again.ToNew().Id, again.ToNew().IdempotencyKey));
        Assert.Equal(draft.ToNew().Name, again.ToNew().Name);
    }

    [Fact]
    public void What_is_changed_after_a_save_that_may_have_arrived_is_another_save()
    {
        var draft = Edit("""{"title":"Shop","replicas":1,"memory":64}""");
        Type(draft, "title", "Mine");
        draft.MarkSent();
        var first = draft.ToEdit().IdempotencyKey;
        var kept = Parsed(draft.ToKept()!);
        draft.MarkSent();
        Assert.Equal(first, draft.ToEdit().IdempotencyKey);
        Type(draft, "title", "Mine, corrected");
        draft.MarkSent();
        Assert.NotEqual(first, draft.ToEdit().IdempotencyKey);

        foreach (var (field, value) in new[] { ("title", "Corrected"), ("admin_password", "hunter2"), ("", "") })
        {
            var again = Edit("""{"title":"Shop","replicas":1,"memory":64}""");
            again.Restore(Parsed(kept));
            if (field.Length > 0)
            {
                Type(again, field, value);
            }

            again.MarkSent();
            Assert.Equal((field, field.Length == 0), (field, again.ToEdit().IdempotencyKey == first));
        }
    }

    [Fact]
    public void Two_tabs_that_began_alike_make_two_deployments()
    {
        var draft = New();
        draft.SetName("shop");
        draft.SetCluster(Guid.NewGuid());

        var copy = New();
        copy.Restore(Parsed(draft.ToKept()!));

        Assert.NotEqual(draft.ToNew().Id, copy.ToNew().Id);
    }

    [Fact]
    public void An_edit_made_from_an_older_version_says_so_when_it_is_sent()
    {
        var edit = Edit("{}", version: 3);
        edit.SetDescription("mine");

        var again = Edit("{}", version: 4);
        again.Restore(Parsed(edit.ToKept()!));

        Assert.True(again.IsOfOlderVersion);
        Assert.Equal(3, again.ToEdit().Version);
        again.AcceptAsBase(again.Base!);
        Assert.Equal(4, again.ToEdit().Version);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":1,"cluster":"x","chart":[],"config":"a: [","override":{},"version":"3","id":"y","key":null}""")]
    public void What_is_not_as_it_was_written_changes_little_and_breaks_nothing(string kept)
    {
        var draft = Edit("""{"title":"Shop","replicas":1,"memory":64}""");

        draft.Restore(JsonNode.Parse(kept)!.AsObject());

        Assert.Equal("shop", draft.Name);
        Assert.Equal("Shop", draft.Config.Value!["title"]!.GetValue<string>());
    }

    private static DeploymentDraft New()
    {
        var draft = new DeploymentDraft(s_kind, "Web", existing: null) { MayOverride = true };
        draft.SetChart(Choice, ChartSchema.Of(s_chart));
        return draft;
    }

    private static DeploymentDraft Edit(string config, int version = 1)
    {
        var draft = new DeploymentDraft(s_kind, "Web", new Deployment
        {
            Name = "shop",
            KindId = s_kind,
            ClusterId = Guid.NewGuid(),
            Namespace = "web-shop",
            HelmChartId = s_chart.Id,
            Config = JsonNode.Parse(config)!.AsObject(),
            Version = version,
        })
        {
            MayOverride = true,
        };
        draft.SetChart(Choice, ChartSchema.Of(s_chart));
        return draft;
    }

    private static ChartChoice Choice =>
        new(s_chart.Id, s_chart.ImageTag, s_chart.CreatedAt, Available: true, Error: null, "registry.test/web");

    private static void Type(DeploymentDraft draft, string input, string text)
    {
        var inputs = Assert.IsType<InputDraft>(draft.Config.Inputs);
        inputs.Set(inputs.Ui.Find(input)!, text);
    }

    /// <summary>As it comes back from a browser.</summary>
    private static JsonObject Parsed(JsonObject kept) => JsonNode.Parse(kept.ToJsonString())!.AsObject();
}
