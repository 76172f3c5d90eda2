using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Api;

public sealed class AuditEventsApiTests(PostgresServer postgres) : WebTest(postgres)
{
    private const string Trail = "/api/v2/audit-events";

    [Fact]
    public async Task The_trail_is_read_from_the_newest_on_and_each_event_once()
    {
        for (var n = 0; n < 5; n++)
        {
            await AddAsync(AuditAction.EnvRenamed, Env.Id, $"n{n}");
        }

        var (seen, cursor) = (new List<JsonNode>(), "");
        do
        {
            using var response = await Api.GetAsync($"{Trail}?action=Env.Renamed&per_page=2&cursor={cursor}", Cancel);
            var part = await WebServer.JsonAsync(response, Cancel);
            seen.AddRange(part["items"]!.AsArray().Select(item => item!.DeepClone()));
            cursor = part["next_cursor"]?.GetValue<string>();
            Assert.Equal(cursor is not null, response.Headers.Contains("Link"));
            await AddAsync(AuditAction.EnvRenamed, Env.Id, "later");
        }
        while (cursor is not null);

        Assert.Equal(["n4", "n3", "n2", "n1", "n0"], seen.Select(e => Text(e, "subject_name")));
        await using var db = await DbAsync();
        var first = await db.AuditEvents.OrderBy(e => e.Seq).FirstAsync(e => e.Action == AuditAction.EnvRenamed, Cancel);
        Assert.Equal(
            (first.Seq, "User", Alice.Id, Convert.ToHexStringLower(first.Hash), "x"),
            (seen[^1]["seq"]!.GetValue<long>(), Text(seen[^1], "actor_kind"), seen[^1]["actor_id"]!.GetValue<Guid>(),
                Text(seen[^1], "hash"), Text(seen[^1]["detail"]!, "before")));
    }

    [Fact]
    public async Task Filters_leave_out_what_they_say()
    {
        await AddAsync(AuditAction.EnvRenamed, Env.Id, "a");
        await AddAsync(AuditAction.SecretDeleted, Env.Id, "b");
        await AddAsync(AuditAction.BotDeleted, null, "c");

        foreach (var (query, expected) in new[]
        {
            ("action=Secret.", "b"), ("action=Bot.Deleted", "c"), ($"env_id={Env.Id}", "ba"), ("action=Env.&outcome=Denied", ""),
            ($"actor_id={Alice.Id}&action=Env.Renamed&outcome=Done", "a"), ($"actor_id={Guid.NewGuid()}", ""),
            ("to=2020-01-01T00:00:00Z", ""), ("from=2020-01-01T00:00:00Z&action=Bot.Deleted", "c"),
        })
        {
            var items = (await GetAsync($"{Trail}?{query}"))["items"]!.AsArray();
            Assert.Equal((query, expected), (query, string.Concat(items.Select(e => Text(e!, "subject_name")))));
        }

        foreach (var query in new[] { "action=Nothing", "outcome=Good", "cursor=x", "cursor=0", "from=soon", "env_id=demo", "per_page=0" })
        {
            var problem = await AnswerAsync(Api.GetAsync($"{Trail}?{query}", Cancel), HttpStatusCode.BadRequest);
            Assert.Contains(query.Split('=')[0], problem["errors"]!.AsObject().Select(e => e.Key));
        }
    }

    [Fact]
    public async Task An_admin_of_an_env_reads_what_concerns_it_and_nothing_else()
    {
        var other = Text(await PostAsync("/api/v2/envs", new { name = "other" }, HttpStatusCode.Created), "id");
        await AddAsync(AuditAction.EnvRenamed, Env.Id, "a");
        using var admin = await ClientAsync(EnvRole.Admin);
        using var member = await ClientAsync(EnvRole.User);

        var items = (await AnswerAsync(admin.GetAsync(Trail, Cancel), HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Equal([$"{Env.Id}"], items.Select(e => Text(e!, "env_id")).Distinct());
        await AnswerAsync(admin.GetAsync($"{Trail}?env_id={other}", Cancel), HttpStatusCode.NotFound);
        await AnswerAsync(member.GetAsync($"{Trail}?env_id={Env.Id}", Cancel), HttpStatusCode.Forbidden);
        await AnswerAsync(member.GetAsync(Trail, Cancel), HttpStatusCode.Forbidden);
    }

    private Task AddAsync(string action, Guid? env, string name) => AuditLog.AddAsync(
        Services.GetRequiredService<IDbContextFactory<PlatzDb>>(),
        new AuditEntry(action, AuditActor.Of(Alice), new("env", env, name)) { EnvId = env, Detail = new() { ["before"] = "x" } },
        Cancel);
}
