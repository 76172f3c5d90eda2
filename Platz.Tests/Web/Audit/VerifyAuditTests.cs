using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Tests.Core.Audit;
using Platz.Tests.Support;
using Platz.Web.Audit;

namespace Platz.Tests.Web.Audit;

public sealed class VerifyAuditTests(PostgresServer postgres) : AuditTest(postgres)
{
    private readonly TempFolder _kept = new();

    public override async ValueTask DisposeAsync()
    {
        _kept.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_trail_that_is_whole_is_told_with_its_head()
    {
        Assert.Equal((0, "OK: nothing has been recorded yet.\n"), await VerifyAsync());
        await AppendAsync(Entry());
        var last = await AppendAsync(Entry());

        var (code, text) = await VerifyAsync();

        Assert.Equal(0, code);
        Assert.Equal(["OK: 3 events.", AuditHeadLines.Of(last)], text.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_changed_event_is_named_and_the_trail_remembers_that_it_was_found()
    {
        await AppendAsync(Entry());
        await BehindTheBackAsync("UPDATE audit_events SET actor_name = 'Mallory'");

        Assert.Equal((1, "Event 1 was changed.\n"), await VerifyAsync());

        await using var db = await DbAsync();
        var noted = await db.AuditEvents.SingleAsync(e => e.Action == AuditAction.AuditVerified, Cancel);
        Assert.Equal((AuditOutcome.Failed, "Event 1 was changed."), (noted.Outcome, (string?)noted.Detail["why"]));
    }

    [Fact]
    public async Task What_was_cut_off_at_the_end_is_found_by_the_heads_kept_elsewhere()
    {
        await AppendAsync(Entry());
        await AppendAsync(Entry());
        var kept = _kept.File("heads");
        await File.WriteAllTextAsync(kept, (await VerifyAsync()).Output, Cancel);
        await BehindTheBackAsync("DELETE FROM audit_events WHERE seq > 1");

        Assert.Equal(0, (await VerifyAsync()).Code);
        await BehindTheBackAsync("DELETE FROM audit_events WHERE seq > 1");
        var (code, text) = await VerifyAsync(kept);

        Assert.Equal(1, code);
        Assert.StartsWith("Event 2 is missing: the head of ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"day\": 4}")]
    [InlineData("{")]
    public async Task A_file_without_heads_is_refused(string? text)
    {
        var file = _kept.File("heads");
        if (text is not null)
        {
            await File.WriteAllTextAsync(file, text, Cancel);
        }

        var (code, told) = await VerifyAsync(file);

        Assert.Equal(2, code);
        Assert.StartsWith("platz: ", told, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output)> VerifyAsync(string? file = null)
    {
        var databases = Services.GetRequiredService<IDbContextFactory<PlatzDb>>();
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await new VerifyAudit(new AuditChain(databases), databases, output, output).RunAsync(file, Cancel);
        return (code, output.ToString());
    }
}
