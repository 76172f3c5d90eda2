using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Audit;

public sealed class AuditExportTests(PostgresServer postgres) : WebTest(postgres)
{
    private HttpClient _client = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _client = Server.Client();
        _client.DefaultRequestHeaders.Add("Cookie", await Server.SignInAsync(await UserAsync(), Cancel));
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_file_has_every_event_with_its_hash_and_is_told_itself()
    {
        await AddAsync("=danger(), \"x\"");

        var lines = (await TextAsync("ndjson", "")).TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!).ToList();

        await using var db = await DbAsync();
        var told = await db.AuditEvents.OrderByDescending(e => e.Seq).ToListAsync(Cancel);
        Assert.Equal(AuditAction.ExportAudit, told[0].Action);
        Assert.Equal(
            told.Select(e => (e.Seq, Convert.ToHexStringLower(e.Hash))),
            lines.Select(l => (l["seq"]!.GetValue<long>(), Text(l, "hash"))));
        var csv = await TextAsync("csv", "?action=Env.&outcome=Done");
        Assert.StartsWith("seq,at,actor_kind,", csv, StringComparison.Ordinal);
        Assert.Equal(2, csv.TrimEnd().Split('\n').Length);
        Assert.Contains(",\"'=danger(), \"\"x\"\"\",", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chain_can_be_checked_elsewhere_with_a_file_and_the_documentation()
    {
        await AddAsync("a\u2028\ud83d\ude00 <b> \"x\" \\ é");
        await AuditLog.AddAsync(
            Services.GetRequiredService<IDbContextFactory<PlatzDb>>(),
            Entry("two") with { Detail = new() { ["b"] = new JsonArray(1, null, "x\u007f"), ["a"] = new JsonObject(), ["B"] = true } },
            Cancel);

        var lines = (await TextAsync("ndjson", "")).TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!.AsObject()).Reverse();

        var previous = new string('0', 64);
        foreach (var line in lines)
        {
            Assert.Equal(previous, Text(line, "previous"));
            var hash = Text(line, "hash");
            line.Remove("previous");
            line.Remove("hash");
            var computed = SHA256.HashData([.. Convert.FromHexString(previous), .. Encoding.UTF8.GetBytes(Documented(line))]);
            Assert.Equal(hash, Convert.ToHexStringLower(computed));
            previous = hash;
        }
    }

    /// <summary>As docs/audit.md describes it, written down a second time.</summary>
    private static string Documented(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => $"{{{string.Join(',', map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quoted(p.Key)}:{Documented(p.Value)}"))}}}",
        JsonArray list => $"[{string.Join(',', list.Select(Documented))}]",
        _ when node.GetValueKind() is JsonValueKind.String => Quoted(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    [Fact]
    public async Task With_the_tasks_both_stand_in_one_file_by_time()
    {
        var deployment = await AddDeploymentAsync();
        await AddAsync("before");
        var task = await EnqueueAsync(deployment);
        await AddAsync("after");

        var lines = (await TextAsync("ndjson", $"?with=tasks&env={Env.Id}&actor={Alice.Id}")).TrimEnd('\n').Split('\n')
            .Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(
            ["event after", $"task {task}", "event before"],
            lines.Select(l => $"{l["type"]} {l["subject_name"] ?? l["id"]}"));
        Assert.Equal("", await TextAsync("ndjson", $"?with=tasks&actor={Guid.NewGuid()}"));
    }

    [Fact]
    public async Task More_than_one_part_is_sent_whole()
    {
        await using (var db = await DbAsync())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            for (var n = 0; n < 510; n++)
            {
                await AuditLog.AppendAsync(db, Entry("demo"), Cancel);
            }

            await transaction.CommitAsync(Cancel);
        }

        Assert.Equal(510, (await TextAsync("ndjson", "?action=Env.Renamed")).Count(c => c == '\n'));
    }

    [Theory]
    [InlineData("?action=Nothing.Such")]
    [InlineData("?from=soon")]
    [InlineData("?env=demo")]
    [InlineData("?with=tasks")]
    [InlineData("?with=everything")]
    public async Task What_a_filter_cannot_mean_is_refused(string query)
    {
        using var response = await _client.GetAsync($"audit/export.csv{query}", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Nobody_but_a_site_admin_gets_one()
    {
        var admin = await AddUserAsync("env-admin");
        await GrantAsync(admin, EnvRole.Admin);
        using var client = Server.Client();
        client.DefaultRequestHeaders.Add("Cookie", await Server.SignInAsync(admin, Cancel));

        using var forbidden = await client.GetAsync("audit/export.csv", Cancel);
        using var anonymous = await Anonymous.GetAsync("audit/export.ndjson", Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, anonymous.StatusCode);
        await using var db = await DbAsync();
        Assert.False(await db.AuditEvents.AnyAsync(e => e.Action == AuditAction.ExportAudit, Cancel));
    }

    [Fact]
    public void The_documentation_names_every_action()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit.md"));

        Assert.All(AuditAction.All, action => Assert.Contains($"`{action}`", text, StringComparison.Ordinal));
    }

    private AuditEntry Entry(string name) =>
        new(AuditAction.EnvRenamed, AuditActor.Of(Alice), new("env", Env.Id, name)) { EnvId = Env.Id };

    private Task AddAsync(string name) => AuditLog.AddAsync(
        Services.GetRequiredService<IDbContextFactory<PlatzDb>>(), Entry(name), Cancel);

    private async Task<string> TextAsync(string format, string query)
    {
        using var response = await _client.GetAsync($"audit/export.{format}{query}", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }
}
