using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Activity;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Data;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using Platz.Web.Activity.Export;

namespace Platz.Tests.Web.Activity;

public sealed class TaskExportTests(PostgresServer postgres) : WebTest(postgres)
{
    private HttpClient _client = null!;
    private Deployment _shop = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _shop = await AddDeploymentAsync("shop");
        _client = Server.Client();
        _client.DefaultRequestHeaders.Add("Cookie", await Server.SignInAsync(await UserAsync(), Cancel));
    }

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Taking_a_file_is_told()
    {
        await TextAsync("csv", "?env=demo&status=Failed");
        await TextAsync("ndjson", "");

        await using var db = await DbAsync();
        var told = await db.AuditEvents.Where(e => e.Action == AuditAction.ExportTasks).OrderBy(e => e.Seq).ToListAsync(Cancel);
        Assert.Equal([(Alice.Id, Env.Id), (Alice.Id, null)], told.Select(e => (e.ActorId!.Value, e.EnvId)));
        Assert.Equal("env=demo&status=Failed", (string?)told[0].Detail["filter"]);
    }

    [Fact]
    public async Task A_file_has_every_task_with_its_ids()
    {
        var first = await FailAsync("Error: \"quoted\", and\nmore lines");
        var retry = await EnqueueAsync(TaskFor(_shop) with { RetryOfTaskId = first });
        await Queue.CancelAsync(retry, Alice, "not now", Cancel);

        var rows = Csv(await TextAsync("csv", ""));

        Assert.Equal([$"{retry}", $"{first}"], rows.Select(r => r["id"]));
        var (canceled, failed) = (rows[0], rows[1]);
        Assert.Equal(("Failed", "Partial", "Error: \"quoted\", and\nmore lines"),
            (failed["status"], failed["effect"], failed["reason"]));
        Assert.Equal(("User", $"{Alice.Id}", "Alice"),
            (failed["actor_kind"], failed["actor_id"], failed["actor_name"]));
        Assert.Equal(("demo", "Web", "shop", "1.0.0"),
            (failed["env_name"], failed["kind_name"], failed["deployment_name"], failed["chart_version"]));
        Assert.Equal(("Canceled", $"{first}", "User", $"{Alice.Id}", "not now"),
            (canceled["status"], canceled["retry_of_task_id"], canceled["canceled_by_kind"],
            canceled["canceled_by_id"], canceled["cancel_reason"]));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", canceled["created_at"]);
        Assert.Equal($"{Chart.Id}", (string?)JsonNode.Parse(canceled["operation"])!["Install"]!["helm_chart_id"]);

        var lines = (await TextAsync("ndjson", "")).TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(rows.Select(r => r["id"]), lines.Select(l => (string?)l["id"]));
        Assert.Equal(rows[0].Keys, lines[0].AsObject().Select(p => p.Key));
        Assert.Equal("Error: \"quoted\", and\nmore lines", (string?)lines[1]["reason"]);
        Assert.Equal($"{Chart.Id}", (string?)lines[0]["operation"]!["Install"]!["helm_chart_id"]);
    }

    [Fact]
    public async Task A_file_follows_the_filter_of_the_page()
    {
        var failed = await FailAsync("Error: quota");
        await EnqueueAsync(_shop);

        Assert.Equal([$"{failed}"], Csv(await TextAsync("csv", "?status=Failed&q=QUOTA&range=1h")).Select(r => r["id"]));
        Assert.Empty(Csv(await TextAsync("csv", "?status=Failed&q=other&env=demo")));
        Assert.Equal("", await TextAsync("ndjson", "?by=bots"));
    }

    [Theory]
    [InlineData("?status=Broken", HttpStatusCode.BadRequest, "status")]
    [InlineData("?cluster=one&from=never", HttpStatusCode.BadRequest, "from")]
    [InlineData("?range=5y", HttpStatusCode.BadRequest, "range")]
    [InlineData("?env=elsewhere", HttpStatusCode.NotFound, "env")]
    public async Task What_cannot_be_answered_is_told(string query, HttpStatusCode status, string word)
    {
        using var response = await _client.GetAsync($"tasks/export.csv{query}", Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(word, await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_file_tells_env_and_time()
    {
        await using (var db = await DbAsync())
        {
            db.Add(new Env { Name = "prod / \"eu\"" });
            await db.SaveChangesAsync(Cancel);
        }

        using var all = await _client.GetAsync("tasks/export.csv", Cancel);
        using var one = await _client.GetAsync("tasks/export.ndjson?env=prod%20%2F%20%22EU%22", Cancel);

        Assert.Matches(@"^tasks-all-\d{8}-\d{6}Z\.csv$", all.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.Matches(@"^tasks-prod / ""eu""-\d{8}-\d{6}Z\.ndjson$", one.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(("text/csv", "application/x-ndjson"),
            (all.Content.Headers.ContentType!.MediaType, one.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Neither_sensitive_inputs_nor_the_override_of_an_owner_leave()
    {
        await EnqueueAsync(TaskFor(_shop, new Install(
            Chart.Id, new JsonObject { ["password"] = new JsonObject { ["$sealed"] = "c2VhbGVk" } },
            new JsonObject { ["nodes"] = "override-of-the-owner" })));

        foreach (var format in new[] { ExportFormat.Csv, ExportFormat.NdJson })
        {
            var (owner, maintainer) = (await WriteAsync(KindRole.Owner, format), await WriteAsync(KindRole.Maintainer, format));

            Assert.DoesNotContain("c2VhbGVk", owner, StringComparison.Ordinal);
            Assert.Contains("$sensitive", owner, StringComparison.Ordinal);
            Assert.Contains("override-of-the-owner", owner, StringComparison.Ordinal);
            Assert.DoesNotContain("override-of-the-owner", maintainer, StringComparison.Ordinal);
            Assert.Contains("shop", maintainer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_may_not_be_seen_is_in_no_file()
    {
        var id = await EnqueueAsync(_shop);
        await using var db = await DbAsync();
        var elsewhere = new Env { Name = "elsewhere" };
        var user = new User { DisplayName = "Eve", Email = "eve@example.org" };
        db.AddRange(elsewhere, user);
        await db.SaveChangesAsync(Cancel);
        db.Add(new EnvPermission { EnvId = elsewhere.Id, UserId = user.Id, Role = EnvRole.Admin });
        await db.SaveChangesAsync(Cancel);

        Assert.DoesNotContain($"{id}", await WriteAsync(user, null, ExportFormat.Csv), StringComparison.Ordinal);
        Assert.Equal("", await WriteAsync(user, Env.Id, ExportFormat.NdJson));
    }

    [Fact]
    public async Task Who_is_not_signed_in_gets_no_file()
    {
        using var response = await Anonymous.GetAsync("tasks/export.csv", Cancel);

        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<Guid> FailAsync(string reason)
    {
        var id = await EnqueueAsync(_shop);
        var claimed = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        await Queue.FinishAsync([Done(claimed) with
        {
            Status = DeploymentTaskStatus.Failed, Reason = reason, Effect = TaskEffect.Partial,
        }]);
        return id;
    }

    private async Task<string> WriteAsync(KindRole role, ExportFormat format)
    {
        await using var db = await DbAsync();
        var user = new User { DisplayName = $"{role}", Email = $"{role}-{format}@example.org" };
        db.Add(user);
        await db.SaveChangesAsync(Cancel);
        db.Add(new DeploymentPermission { EnvId = Env.Id, KindId = Kind.Id, UserId = user.Id, Role = role });
        await db.SaveChangesAsync(Cancel);
        return await WriteAsync(user, Env.Id, format);
    }

    /// <summary>What the user would be sent.</summary>
    private async Task<string> WriteAsync(User user, Guid? envId, ExportFormat format)
    {
        var scope = await new ActivityReads(Databases, TimeProvider.System)
            .ScopeAsync(new Actor.User(user.Id, user.DisplayName), envId, Cancel);
        var source = new TaskSource(Services.GetRequiredService<TaskSearch>(), DateTimeOffset.UnixEpoch);
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await new TaskExport(source, scope, scope.Within(TaskFilter.All), format).ExecuteAsync(http);
        return Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
    }

    private IDbContextFactory<PlatzDb> Databases => Services.GetRequiredService<IDbContextFactory<PlatzDb>>();

    private async Task<string> TextAsync(string format, string query)
    {
        using var response = await _client.GetAsync($"tasks/export.{format}{query}", Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancel);
    }

    /// <summary>Rows by the names of their columns; a reader of RFC 4180 in its shortest form.</summary>
    private static List<Dictionary<string, string>> Csv(string text)
    {
        var (rows, row, field, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    field.Append(text[++i]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' or '\r' when !quoted:
                    row.Add(field.ToString());
                    field.Clear();
                    break;
                case '\n' when !quoted:
                    rows.Add(row);
                    row = [];
                    break;
                default:
                    field.Append(text[i]);
                    break;
            }
        }

        return [.. rows.Skip(1).Select(r => rows[0].Zip(r).ToDictionary(p => p.First, p => p.Second))];
    }
}
