using System.Runtime.CompilerServices;
using System.Text;
using Platz.Core.Audit;
using Platz.Web.Activity.Export;

namespace Platz.Web.Audit;

/// <summary>
/// All events that a filter lets through, newest first, as a file; sent as they are read, a part at a time. With their
/// hashes, so that the chain can be checked elsewhere (docs/audit.md); and, on demand, with the tasks of the same time.
/// </summary>
internal sealed class AuditExport(AuditReads reads, AuditFilter filter, DateTimeOffset now, ExportFormat format) : IResult
{
    private const int AtOnce = 500;

    private static readonly IReadOnlyList<(string Name, Func<AuditEvent, object?> Of)> s_columns =
    [
        ("seq", e => e.Seq),
        ("at", AuditCanon.TimeOf),
        ("actor_kind", e => $"{e.ActorKind}"),
        ("actor_id", e => e.ActorId),
        ("actor_name", e => e.ActorName),
        ("action", e => e.Action),
        ("outcome", e => $"{e.Outcome}"),
        ("subject_kind", e => e.SubjectKind),
        ("subject_id", e => e.SubjectId),
        ("subject_name", e => e.SubjectName),
        ("env_id", e => e.EnvId),
        ("detail", e => e.Detail),
        ("ip", e => e.Ip?.ToString()),
        ("token_id", e => e.TokenId),
        ("chain_day", e => $"{e.ChainDay:O}"),
        ("previous", e => Convert.ToHexStringLower(e.Previous)),
        ("hash", e => Convert.ToHexStringLower(e.Hash)),
    ];

    /// <summary>All of them, newest first; null for none.</summary>
    public Func<CancellationToken, IAsyncEnumerable<ExportedRow>>? Tasks { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        ExportFile.Describe(httpContext.Response, Tasks is null ? "audit" : "audit-and-tasks", now, format);
        var text = new StringBuilder();
        if (format is ExportFormat.Csv)
        {
            CsvText.Append(text, s_columns.Select(c => c.Name));
        }

        var events = EventsAsync(cancel);
        var rows = Tasks is null ? events : ByTimeAsync(events, Tasks(cancel));
        var count = 0;
        await foreach (var row in rows.WithCancellation(cancel))
        {
            ExportFile.AppendRow(text, format, Tasks is null ? row.Values : row.Values.Prepend(("type", row.Type)));
            if (++count % AtOnce == 0)
            {
                await httpContext.Response.WriteAsync(text.ToString(), cancel);
                text.Clear();
            }
        }

        await httpContext.Response.WriteAsync(text.ToString(), cancel);
    }

    private async IAsyncEnumerable<ExportedRow> EventsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        long? next = null;
        do
        {
            var slice = await reads.SliceAsync(filter, next, AtOnce, cancel);
            foreach (var happened in slice.Events)
            {
                yield return new("event", happened.At, s_columns.Select(c => (c.Name, c.Of(happened))));
            }

            next = slice.Next;
        }
        while (next is not null);
    }

    /// <summary>Two that are in order each, in one order.</summary>
    private static async IAsyncEnumerable<ExportedRow> ByTimeAsync(
        IAsyncEnumerable<ExportedRow> some, IAsyncEnumerable<ExportedRow> others)
    {
        await using var first = some.GetAsyncEnumerator();
        await using var second = others.GetAsyncEnumerator();
        var (hasFirst, hasSecond) = (await first.MoveNextAsync(), await second.MoveNextAsync());
        while (hasFirst || hasSecond)
        {
            if (hasFirst && (!hasSecond || first.Current.At >= second.Current.At))
            {
                yield return first.Current;
                hasFirst = await first.MoveNextAsync();
            }
            else
            {
                yield return second.Current;
                hasSecond = await second.MoveNextAsync();
            }
        }
    }
}

/// <param name="Type">Event or task.</param>
internal sealed record ExportedRow(string Type, DateTimeOffset At, IEnumerable<(string Name, object? Value)> Values);
