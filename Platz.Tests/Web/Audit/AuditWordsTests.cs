using System.Text.Json.Nodes;
using Platz.Core.Audit;
using Platz.Web.Audit;

namespace Platz.Tests.Web.Audit;

public sealed class AuditWordsTests
{
    [Fact]
    public void Every_action_has_a_sentence() => Assert.All(AuditAction.All, action => Assert.True(AuditWords.Knows(action), action));

    [Theory]
    [InlineData(AuditAction.KindRoleGranted, """{"env":"demo","kind":"Web","role":"Maintainer"}""",
        "gave ci-bot the role Maintainer of Web in demo")]
    [InlineData(AuditAction.EnvRoleTaken, """{"env":"demo","role":"Admin"}""", "took the role Admin in demo from ci-bot")]
    [InlineData(AuditAction.SecretRenamed, """{"before":"db/one"}""", "renamed the secret db/one to ci-bot")]
    [InlineData(AuditAction.TokenCreated, """{"bot":"deployer"}""", "made the token ci-bot of deployer")]
    [InlineData(AuditAction.ClusterEnvChanged, """{"joined":"demo"}""", "put the cluster ci-bot into demo")]
    [InlineData(AuditAction.ClusterEnvChanged, """{"left":"demo"}""", "took the cluster ci-bot out of demo")]
    [InlineData(AuditAction.ClusterChanged, """{"changed":["grafana_url","ingress_class"]}""",
        "changed the cluster ci-bot: grafana_url, ingress_class")]
    [InlineData(AuditAction.EnvAutoAddChanged, """{"auto_add_new_users":true}""", "set the env ci-bot to take in new users")]
    [InlineData(AuditAction.SettingChanged, """{"before":"","after":"a@b.test"}""",
        "started with the setting ci-bot changed from nothing to a@b.test")]
    [InlineData(AuditAction.SignInDone, "{}", "signed in")]
    [InlineData("Later.Version", "{}", "Later.Version: ci-bot")]
    public void It_says_what_was_done_to_what(string action, string detail, string sentence) =>
        Assert.Equal(sentence, AuditWords.Of(Event(action, detail)).With("ci-bot"));

    [Fact]
    public void An_event_without_its_detail_is_told_all_the_same() => Assert.All(
        AuditAction.All, action => Assert.NotEqual("", AuditWords.Of(Event(action, "{}")).With("x")));

    [Fact]
    public void An_address_is_read_and_written_and_what_it_cannot_mean_is_named()
    {
        var query = AuditQuery.Parse("?action=Secret.&outcome=Done&range=7d&before=40&actor=nobody&env=x&from=yesterdayish");

        Assert.Equal(["actor", "env", "from"], query.Problems.Select(p => p.Field).Order());
        Assert.Equal("action=Secret.&outcome=Done&range=7d&before=40", query.Write());
        Assert.Equal("action=Secret.&range=7d", query.Set(AuditQuery.OutcomeName, null).Write());
        Assert.Equal((40, "Secret.", AuditOutcome.Done), (query.Before, query.Filter.Action, query.Filter.Outcome));
        Assert.Equal("", AuditQuery.Parse("before=4").Until(null).Write());
    }

    private static AuditEvent Event(string action, string detail) => new()
    {
        Seq = 1,
        ChainDay = default,
        At = default,
        ActorKind = AuditActorKind.User,
        ActorName = "Alice",
        Action = action,
        Outcome = AuditOutcome.Done,
        SubjectKind = "bot",
        SubjectName = "ci-bot",
        Detail = JsonNode.Parse(detail)!.AsObject(),
        Previous = [],
    };
}
