using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Runner.Maintenance;
using Platz.Tests.Core.Audit;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Maintenance;

public sealed class AuditHeadJobTests(PostgresServer postgres) : AuditTest(postgres)
{
    private readonly TempFolder _outside = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly List<string> _received = [];

    private string HeadFile => _outside.File("heads");

    private string[] Heads => File.Exists(HeadFile) ? File.ReadAllLines(HeadFile) : [];

    public override async ValueTask DisposeAsync()
    {
        _outside.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task The_head_is_told_once_an_hour_if_anything_has_happened()
    {
        await using var server = await FakeRegistry.StartAsync(ReceiveAsync);
        var job = Job(new AuditHeadOptions { HeadFile = HeadFile, HeadUrl = $"{server.Root}heads" });
        await job.RunAsync(Cancel);
        Assert.Empty(Heads);

        var first = await AppendAsync(Entry("one"));
        await ExecuteAsync($"""
            INSERT INTO audit_heads (chain_day, seq, hash)
            VALUES ('2020-01-01', {first.Seq}, '\x{Convert.ToHexStringLower(first.Hash)}')
            """);
        await job.RunAsync(Cancel);
        Assert.Equal([AuditHeadLines.Of(first)], Heads);
        var second = await AppendAsync(Entry("two"));
        _clock.Advance(TimeSpan.FromMinutes(30));
        await job.RunAsync(Cancel); // not yet again
        Assert.Single(Heads);
        _clock.Advance(TimeSpan.FromMinutes(40));
        await job.RunAsync(Cancel);
        await job.RunAsync(Cancel); // nothing but that has happened

        Assert.Equal([AuditHeadLines.Of(first), AuditHeadLines.Of(second)], Heads);
        Assert.Equal(Heads, _received);
        Assert.Equal([(first.Seq, AuditOutcome.Done), (second.Seq, AuditOutcome.Done)], await ToldAsync());
        await using var db = await DbAsync();
        Assert.NotNull((await db.AuditHeads.SingleAsync(h => h.Seq == first.Seq, Cancel)).ExportedAt);
    }

    [Fact]
    public async Task Who_rewrites_the_trail_is_found_by_what_was_told()
    {
        await AppendAsync(Entry("one"));
        await Job(new AuditHeadOptions { HeadFile = HeadFile }).RunAsync(Cancel);
        await BehindTheBackAsync("DELETE FROM audit_events");
        await AppendAsync(Entry("another"));

        var chain = Services.GetRequiredService<AuditChain>();
        Assert.Null((await chain.VerifyAsync([], Cancel)).Fault);
        Assert.NotNull((await chain.VerifyAsync(AuditHeadLines.Parse(Heads), Cancel)).Fault);
    }

    [Fact]
    public async Task What_could_not_be_told_is_in_the_trail_and_tried_again()
    {
        await using var server = await FakeRegistry.StartAsync(context =>
        {
            context.Response.StatusCode = _received.Count == 0 ? 500 : 204;
            return ReceiveAsync(context);
        });
        var event1 = await AppendAsync(Entry("one"));
        foreach (var options in new AuditHeadOptions[]
        {
            new() { HeadFile = _outside.File("missing", "heads") }, new() { HeadUrl = $"{server.Root}" },
            new() { HeadUrl = $"{server.Root}" }, new() { HeadUrl = $"{server.Root}" },
        })
        {
            await Job(options).RunAsync(Cancel);
            _clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal([AuditOutcome.Failed, AuditOutcome.Failed, AuditOutcome.Done], (await ToldAsync()).Select(t => t.Outcome));
        Assert.Equal(event1.Seq, (await ToldAsync())[0].Seq);
        Assert.Equal(2, _received.Count);
    }

    [Fact]
    public async Task Trouble_of_any_kind_in_one_place_is_in_the_trail_and_keeps_it_from_no_other()
    {
        await using var server = await FakeRegistry.StartAsync(ReceiveAsync);
        await AppendAsync(Entry("one"));
        foreach (var options in new AuditHeadOptions[]
        {
            new() { HeadFile = "a\0b", HeadUrl = $"{server.Root}" }, new() { HeadUrl = "ftp://127.0.0.1/heads" },
            new() { HeadFile = " ", HeadUrl = $"{server.Root}" },
        })
        {
            await Job(options).RunAsync(Cancel);
            _clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Equal([AuditOutcome.Failed, AuditOutcome.Failed, AuditOutcome.Done], (await ToldAsync()).Select(t => t.Outcome));
        Assert.Equal(2, _received.Count);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("https://elsewhere.example/heads", true)]
    [InlineData("HTTP://127.0.0.1:8080/", true)]
    [InlineData("ftp://elsewhere.example/heads", false)]
    [InlineData("elsewhere.example", false)]
    [InlineData("/heads", false)]
    public void It_is_told_over_http_or_not_at_all(string url, bool isTaken)
    {
        var options = new AuditHeadOptions { HeadFile = "", HeadUrl = url };

        Assert.Null(options.HeadFile);
        Assert.Equal(isTaken, new AuditHeadOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public async Task Nobody_is_told_anything_unless_somebody_is_named()
    {
        await AppendAsync(Entry());

        await Job(new AuditHeadOptions()).RunAsync(Cancel);

        Assert.Empty(await ToldAsync());
    }

    private AuditHeadJob Job(AuditHeadOptions options) => new(
        Services.GetRequiredService<IDbContextFactory<PlatzDb>>(), Options.Create(options), new Exclusive(Source), _clock);

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        _received.Add(await body.ReadToEndAsync(Cancel));
    }

    private async Task<List<(long Seq, AuditOutcome Outcome)>> ToldAsync()
    {
        await using var db = await DbAsync();
        var events = await db.AuditEvents.Where(e => e.Action == AuditAction.AuditHeadExported).OrderBy(e => e.Seq)
            .ToListAsync(Cancel);
        return [.. events.Select(e => (e.Detail["seq"]!.GetValue<long>(), e.Outcome))];
    }
}
