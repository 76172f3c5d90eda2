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
public sealed class AuditHeadOptions : IValidatableObject
{
    public const string Section = "Audit";

    /// <summary>A line each is added to it.</summary>
    public string? HeadFile { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>It is POSTed there as JSON.</summary>
    public string? HeadUrl { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HeadUrl is not null
            && !(Uri.TryCreate(HeadUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return new ValidationResult("Audit:HeadUrl must be an http or https address.", [nameof(HeadUrl)]);
        }
    }
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

    /// <returns>Null once it is everywhere; trouble in one place keeps it from no other.</returns>
    private async Task<string?> TroubleAsync(string head, CancellationToken cancel)
    {
        var inFile = options.Value.HeadFile is { } file
            ? await TroubleAsync(() => AppendAsync(file, head, cancel), cancel) : null;
        var atUrl = options.Value.HeadUrl is { } url
            ? await TroubleAsync(() => PostAsync(url, head, cancel), cancel) : null;
        return inFile is null || atUrl is null ? inFile ?? atUrl : $"{inFile} {atUrl}";
    }

    /// <summary>Whatever it is, the trail tells of it: nobody else would.</summary>
    private static async Task<string?> TroubleAsync(Func<Task<string?>> tell, CancellationToken cancel)
    {
        try
        {
            return await tell();
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancel.IsCancellationRequested))
        {
            return e.Message;
        }
    }

    private static async Task<string?> AppendAsync(string file, string head, CancellationToken cancel)
    {
        await File.AppendAllTextAsync(file, $"{head}\n", cancel);
        return null;
    }

    private static async Task<string?> PostAsync(string url, string head, CancellationToken cancel)
    {
        using var content = new StringContent(head, Encoding.UTF8, "application/json");
        using var answer = await s_http.PostAsync(url, content, cancel);
        return answer.IsSuccessStatusCode ? null : $"It was answered with {(int)answer.StatusCode}.";
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
