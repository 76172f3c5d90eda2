using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Audit;
using Platz.Core.Data;

namespace Platz.Web.Audit;

/// <summary>Says whether the audit trail is as it was written, and notes there that it was asked.</summary>
internal sealed class VerifyAudit(
    AuditChain chain, IDbContextFactory<PlatzDb> databases, TextWriter output, TextWriter errors)
{
    /// <param name="file">With heads that were kept outside of the database.</param>
    /// <returns>The exit code: 1 for a trail that was changed, 2 for a file that cannot be read.</returns>
    public async Task<int> RunAsync(string? file, CancellationToken cancel)
    {
        IReadOnlyList<AuditHead> heads;
        try
        {
            heads = file is null ? [] : AuditHeadLines.Parse(await File.ReadAllLinesAsync(file, cancel));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            await errors.WriteLineAsync($"platz: {e.Message}");
            return 2;
        }

        var (last, fault) = await chain.VerifyAsync(heads, cancel);
        await NoteAsync(last, fault, cancel);
        if (fault is not null)
        {
            await output.WriteLineAsync(fault.Why);
            return 1;
        }

        await output.WriteLineAsync(last is null ? "OK: nothing has been recorded yet." : $"OK: {last.Seq:N0} events.");
        if (last is not null)
        {
            await output.WriteLineAsync(AuditHeadLines.Of(last));
        }

        return 0;
    }

    private Task NoteAsync(AuditEvent? last, AuditFault? fault, CancellationToken cancel) => AuditLog.AddAsync(
        databases,
        new AuditEntry(AuditAction.AuditVerified, AuditActor.System, new("audit", null, "audit trail"))
        {
            Outcome = fault is null ? AuditOutcome.Done : AuditOutcome.Failed,
            Detail = fault is null
                ? new JsonObject { ["seq"] = last?.Seq ?? 0 }
                : new JsonObject { ["seq"] = fault.Seq, ["why"] = fault.Why },
        },
        cancel);
}
