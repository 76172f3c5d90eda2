using System.Text;
using Platz.Core.Audit;
using Platz.Web.Activity.Export;

namespace Platz.Web.Audit;

/// <summary>
/// All events that a filter lets through, newest first, as a file; sent as they are read, a part at a time. With their
/// hashes, so that the chain can be checked elsewhere (docs/audit.md).
/// </summary>
internal sealed class AuditExport(AuditReads reads, AuditFilter filter, DateTimeOffset now, ExportFormat format) : IResult
{
    private const int EventsAtOnce = 500;

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

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var cancel = httpContext.RequestAborted;
        ExportFile.Describe(httpContext.Response, "audit", now, format);
        var text = new StringBuilder();
        if (format is ExportFormat.Csv)
        {
            CsvText.Append(text, s_columns.Select(c => c.Name));
        }

        long? next = null;
        do
        {
            var slice = await reads.SliceAsync(filter, next, EventsAtOnce, cancel);
            foreach (var happened in slice.Events)
            {
                ExportFile.AppendRow(text, format, s_columns.Select(c => (c.Name, c.Of(happened))));
            }

            await httpContext.Response.WriteAsync(text.ToString(), cancel);
            text.Clear();
            next = slice.Next;
        }
        while (next is not null);
    }
}
