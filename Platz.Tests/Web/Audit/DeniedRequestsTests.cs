using System.Net;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Audit;

public sealed class DeniedRequestsTests(PostgresServer postgres) : WebTest(postgres)
{
    [Fact]
    public async Task What_is_refused_is_told_once_for_each_who_and_what()
    {
        using var member = await ClientAsync(EnvRole.User);
        using var maintainer = await ClientAsync(KindRole.Maintainer);
        foreach (var client in new[] { member, member, maintainer, Api })
        {
            using var answer = await client.PutAsync($"/api/v2/deployment-kinds/{Kind.Id}", Body("""{"name":"Web"}"""), Cancel);
        }

        using var secret = await member.PostAsync(
            "/api/v2/secrets", Body($$"""{"env_id":"{{Env.Id}}","collection":"a","name":"b","contents":"c"}"""), Cancel);
        await AnswerAsync(member.GetAsync("/api/v2/bot-tokens?page=1", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(member.GetAsync("/api/v2/bot-tokens?page=2", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(member.GetAsync($"/api/v2/envs/{Guid.NewGuid()}", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(Anonymous.GetAsync("/api/v2/bot-tokens", Cancel), HttpStatusCode.Unauthorized);

        var told = await UntilToldAsync(4);
        Assert.Equal(
            [
                ("env-User", "PUT /api/v2/deployment-kinds/{id}", Kind.Id, null, "EditSite"),
                ("Maintainer", "PUT /api/v2/deployment-kinds/{id}", Kind.Id, null, "EditSite"),
                ("env-User", "POST /api/v2/secrets", null, Env.Id, "EditSecrets"),
                ("env-User", "GET /api/v2/bot-tokens", null, null, null),
            ],
            told.Select(e => (e.ActorName, e.SubjectName, e.SubjectId, e.EnvId, (string?)e.Detail["needs"])));
        Assert.All(told, e => Assert.Equal(
            (AuditOutcome.Denied, "127.0.0.1", true), (e.Outcome, $"{e.Ip}", e.TokenId is not null)));
    }

    /// <summary>It is told once the answer is on its way.</summary>
    private async Task<List<AuditEvent>> UntilToldAsync(int count)
    {
        await UntilAsync($"(SELECT count(*) FROM audit_events WHERE action = 'Denied') >= {count}");
        return await ToldAsync();
    }

    private async Task<List<AuditEvent>> ToldAsync()
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.Where(e => e.Action == AuditAction.Denied).OrderBy(e => e.Seq).ToListAsync(Cancel);
    }
}
