using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public sealed class AuditLogTests(PostgresServer postgres) : AuditTest(postgres)
{
    [Fact]
    public async Task An_event_is_kept_as_it_was_told()
    {
        var origin = new Origin(IPAddress.Parse("192.0.2.7"), Guid.NewGuid());
        var told = await AppendAsync(Entry() with
        {
            Actor = AuditActor.Of(Alice with { Origin = origin }),
            Outcome = AuditOutcome.Failed,
            Detail = new JsonObject { ["from"] = "demo", ["count"] = 3, ["all"] = true, ["to"] = null },
        });

        await using var db = await DbAsync();
        var kept = await db.AuditEvents.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((1L, AuditActorKind.User), (kept.Seq, kept.ActorKind));
        Assert.Equal(((Guid?)Alice.Id, Alice.Name), (kept.ActorId, kept.ActorName));
        Assert.Equal((AuditAction.EnvRenamed, AuditOutcome.Failed), (kept.Action, kept.Outcome));
        Assert.Equal(("env", "demo"), (kept.SubjectKind, kept.SubjectName));
        Assert.Equal(((Guid?)Env.Id, (Guid?)Env.Id), (kept.SubjectId, kept.EnvId));
        Assert.Equal((origin.Address, origin.TokenId), (kept.Ip, kept.TokenId));
        Assert.Equal("""{"all":true,"count":3,"from":"demo","to":null}""", Sorted(kept.Detail));
        Assert.Equal(told.At, kept.At);
        Assert.Equal(new byte[32], kept.Previous);
        Assert.Equal(told.Hash, kept.Hash);
        Assert.Equal(AuditCanon.Hash(kept), kept.Hash);
    }

    [Theory]
    [InlineData("fe80::1%3", "fe80::1")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    public async Task An_address_is_hashed_as_the_database_keeps_it(string heard, string kept)
    {
        var told = await AppendAsync(Entry() with
        {
            Actor = AuditActor.Anonymous(new Origin(IPAddress.Parse(heard), TokenId: null)),
        });

        await using var db = await DbAsync();
        var read = await db.AuditEvents.AsNoTracking().SingleAsync(Cancel);
        Assert.Equal((kept, kept), ($"{told.Ip}", $"{read.Ip}"));
        Assert.Equal(AuditCanon.Hash(read), read.Hash);
    }

    [Fact]
    public async Task What_did_not_happen_is_not_told()
    {
        await using var db = await DbAsync();
        await using (await db.Database.BeginTransactionAsync(Cancel))
        {
            await AuditLog.AppendAsync(db, Entry(), Cancel); // rolled back
        }

        Assert.Equal(1, (await AppendAsync(Entry())).Seq);
    }

    [Fact]
    public async Task An_event_is_told_last_in_a_transaction()
    {
        await using var db = await DbAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => AuditLog.AppendAsync(db, Entry(), Cancel));
        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        db.Add(new Bot { DisplayName = "ci" });
        await Assert.ThrowsAsync<InvalidOperationException>(() => AuditLog.AppendAsync(db, Entry(), Cancel));
        await db.SaveChangesAsync(Cancel);
        await AuditLog.AppendAsync(db, Entry(), Cancel);
    }

    [Fact]
    public async Task No_secret_and_nothing_that_breaks_a_line_is_kept()
    {
        var token = TokenText.Create(TokenOwner.Bot);
        const string Jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"
            + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        await AppendAsync(Entry($"a\nb {token}") with
        {
            Actor = AuditActor.Anonymous(Origin.Unknown) with { Name = $"\u001b[31m{Jwt}" },
            Detail = new JsonObject
            {
                [$"key {token}"] = new JsonArray($"x {Jwt}", new JsonObject { ["a"] = token + "\0\ud800" }),
            },
        });

        await using var db = await DbAsync();
        var kept = await db.AuditEvents.AsNoTracking().SingleAsync(Cancel);
        var all = $"{kept.ActorName} {kept.SubjectName} {kept.Detail.ToJsonString()}";
        Assert.DoesNotContain(token, all, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", all, StringComparison.Ordinal);
        Assert.Equal("a b •••", kept.SubjectName);
        Assert.DoesNotContain(kept.ActorName, char.IsControl);
        Assert.Equal(AuditCanon.Hash(kept), kept.Hash);
    }

    [Fact]
    public async Task A_number_that_is_no_integer_is_a_mistake()
    {
        foreach (var bad in new JsonNode[] { 0.5, 1e300, ulong.MaxValue })
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => AppendAsync(Entry() with { Detail = new JsonObject { ["n"] = bad } }));
        }
    }

    [Theory]
    [InlineData("UPDATE audit_events SET detail = '{}'")]
    [InlineData("DELETE FROM audit_events")]
    [InlineData("TRUNCATE audit_events")]
    [InlineData("UPDATE audit_heads SET seq = 7")]
    [InlineData("DELETE FROM audit_heads")]
    [InlineData("TRUNCATE audit_heads")]
    public async Task What_is_told_is_neither_changed_nor_deleted(string sql)
    {
        await AppendAsync(Entry());
        await ExecuteAsync(
            "INSERT INTO audit_heads (chain_day, seq, hash) SELECT chain_day, seq, hash FROM audit_events");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql));

        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        Assert.Equal(1, await ExecuteAsync("UPDATE audit_heads SET exported_at = now()"));
    }

    [Fact]
    public async Task The_form_that_is_hashed_is_this_one()
    {
        var id = Guid.Parse("0190f5fe-7b1c-7d6e-8a3f-000000000001");
        var happened = new AuditEvent
        {
            Seq = 812,
            ChainDay = new DateOnly(2030, 1, 2),
            At = DateTimeOffset.Parse("2030-01-02T03:04:05.0607089+01:00", null),
            ActorKind = AuditActorKind.User,
            ActorId = id,
            ActorName = "Zoë \"Z\" \\",
            Action = "Env.Renamed",
            Outcome = AuditOutcome.Done,
            SubjectKind = "env",
            SubjectName = "demo",
            Detail = new JsonObject { ["b"] = new JsonArray(1, null, "x"), ["a"] = new JsonObject(), ["B"] = false },
            Ip = IPAddress.Parse("2001:DB8::1"),
            Previous = new byte[32],
        };

        Assert.Equal(
            """
            {"action":"Env.Renamed","actor_id":"0190f5fe-7b1c-7d6e-8a3f-000000000001","actor_kind":"User","actor_name":"Zoë \"Z\" \\","at":"2030-01-02T02:04:05.060708Z","chain_day":"2030-01-02","detail":{"B":false,"a":{},"b":[1,null,"x"]},"env_id":null,"ip":"2001:db8::1","outcome":"Done","seq":812,"subject_id":null,"subject_kind":"env","subject_name":"demo","token_id":null}
            """,
            AuditCanon.Text(happened));
        Assert.Equal("bd2669fd70e4e502d92dec78b622bb7b3a12d0e29a440979cf814a013c458cc0",
            Convert.ToHexStringLower(AuditCanon.Hash(happened)));
    }

    private static string Sorted(JsonObject map) => new JsonObject(
        map.OrderBy(p => p.Key).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
}
