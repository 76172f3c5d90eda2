using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platz.Core.Audit;
using Platz.Core.Data;
using Quartz;

namespace Platz.Runner.Maintenance;

/// <summary>Where the head of the audit trail goes (docs/audit.md); nowhere by default.</summary>
public sealed class AuditHeadOptions
{
    public const string Section = "Audit";

    /// <summary>A line each is added to it.</summary>
    public string? HeadFile { get; init; }

    /// <summary>It is POSTed there as JSON.</summary>
    [Url]
    public string? HeadUrl { get; init; }
}

[OptionsValidator]
internal sealed partial class AuditHeadOptionsValidator : IValidateOptions<AuditHeadOptions>;

/// <summary>
/// Tells the head of the audit trail to somebody outside of the database, once an hour if anything has happened: who can
/// write to the database could else write all of it anew.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class AuditHeadJob(
    IDbContextFactory<PlatzDb> databases, IOptions<AuditHeadOptions> options, Exclusive exclusive, TimeProvider clock) : IJob
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    private static readonly HttpClient s_http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await RunAsync(cancellationToken);

    public async Task RunAsync(CancellationToken cancel)
    {
        if (options.Value is not { HeadFile: null, HeadUrl: null })
        {
            await exclusive.RunAsync("audit-head", ExportAsync, cancel);
        }
    }

    private async Task ExportAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var events = db.AuditEvents.AsNoTracking().OrderByDescending(e => e.Seq);
        var last = await events.FirstOrDefaultAsync(cancel);
        var told = await events.FirstOrDefaultAsync(e => e.Action == AuditAction.AuditHeadExported, cancel);
        var isNews = last is not null && (last.Seq != told?.Seq || told.Outcome is AuditOutcome.Failed);
        if (!isNews || clock.GetUtcNow() < told?.At + s_interval)
        {
            return;
        }

        var why = await TroubleAsync(AuditHeadLines.Of(last!), cancel);
        await NoteAsync(db, last!.Seq, why, cancel);
    }

    /// <returns>Null once it is there.</returns>
    private async Task<string?> TroubleAsync(string head, CancellationToken cancel)
    {
        try
        {
            if (options.Value.HeadFile is { } file)
            {
                await File.AppendAllTextAsync(file, $"{head}\n", cancel);
            }

            if (options.Value.HeadUrl is { } url)
            {
                using var content = new StringContent(head, Encoding.UTF8, "application/json");
                using var answer = await s_http.PostAsync(url, content, cancel);
                return answer.IsSuccessStatusCode ? null : $"It was answered with {(int)answer.StatusCode}.";
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return e.Message;
        }
    }

    private async Task NoteAsync(PlatzDb db, long seq, string? why, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (why is null)
        {
            var now = clock.GetUtcNow();
            await db.AuditHeads.Where(h => h.ExportedAt == null && h.Seq <= seq)
                .ExecuteUpdateAsync(set => set.SetProperty(h => h.ExportedAt, now), cancel);
        }

        await AuditLog.AppendAsync(
            db, new AuditEntry(AuditAction.AuditHeadExported, AuditActor.System, new("audit", null, "audit trail"))
            {
                Outcome = why is null ? AuditOutcome.Done : AuditOutcome.Failed,
                Detail = why is null ? new JsonObject { ["seq"] = seq } : new JsonObject { ["seq"] = seq, ["why"] = why },
            }, cancel);
        await transaction.CommitAsync(cancel);
    }
}
