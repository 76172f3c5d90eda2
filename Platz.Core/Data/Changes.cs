using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platz.Core.Data;

/// <summary>Rows that have changed; ids only, whoever shows them reads them again (queue.md 4).</summary>
/// <param name="Rows">Null when there were too many to name: everything in the env may have changed.</param>
public sealed record Change(string Table, Guid? EnvId, IReadOnlyList<ChangedRow>? Rows)
{
    /// <summary>Deletion also where a row is only marked as deleted.</summary>
    public ChangeOperation Operation { get; init; } = ChangeOperation.Update;
}

public enum ChangeOperation
{
    Insert,
    Update,
    Delete,
}

/// <param name="Id">Of a deployment, where many of its Kubernetes objects changed at once.</param>
/// <param name="DeploymentId">For tasks and Kubernetes objects: whose.</param>
public sealed record ChangedRow(Guid Id, Guid? DeploymentId);

/// <summary>LISTENs on the channel <c>platz</c>, over one connection, for as long as it is asked to.</summary>
public sealed partial class Changes(
    [FromKeyedServices(Database.Listening)] NpgsqlDataSource database, ILogger<Changes> log, TimeProvider clock)
{
    /// <summary>More ids than this would not fit into a notification, which is 8,000 bytes at most.</summary>
    private const int MostNamed = 60;

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(1);

    /// <param name="onChange">
    /// Called for every change, and with null after each (re)connect: changes may have been missed, look at
    /// everything again. Must not block.
    /// </param>
    public Task ListenAsync(Action<Change?> onChange, CancellationToken cancel) =>
        ListenAsync(onChange, () => { }, cancel);

    /// <inheritdoc cref="ListenAsync(Action{Change?}, CancellationToken)"/>
    /// <param name="onLost">Called when the database does not answer; after each attempt that fails, too.</param>
    public async Task ListenAsync(Action<Change?> onChange, Action onLost, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await ListenOnceAsync(onChange, cancel);
            }
            catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException
                && !cancel.IsCancellationRequested)
            {
                LogLost(e.Message);
                onLost();
                await Task.Delay(s_retryAfter, clock, cancel);
            }
        }
    }

    /// <summary>
    /// Tells of rows of a table that has no trigger for it, in the caller's transaction: each use of a token or session
    /// is a change of its row, and news to nobody.
    /// </summary>
    public static Task TellAsync(
        PlatzDb db, string table, ChangeOperation operation, IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        var (verb, named) = ($"{operation}".ToUpperInvariant(), ids.Count > MostNamed ? null : ids.ToArray());
        return db.Database.ExecuteSqlAsync(
            $"""
            SELECT platz_notify({table}, {verb}, NULL,
                (SELECT json_agg(json_build_array(NULL, id)) FROM unnest({named}::uuid[]) AS id))
            """,
            cancel);
    }

    private async Task ListenOnceAsync(Action<Change?> onChange, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        connection.Notification += (_, notice) => Deliver(notice.Payload, onChange);
        await using (var listen = new NpgsqlCommand("LISTEN platz", connection))
        {
            await listen.ExecuteNonQueryAsync(cancel);
        }

        onChange(null);
        while (true)
        {
            await connection.WaitAsync(cancel);
        }
    }

    private void Deliver(string payload, Action<Change?> onChange)
    {
        try
        {
            onChange(Parse(payload));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException
            or KeyNotFoundException or IndexOutOfRangeException)
        {
            LogMalformed(e.Message); // anybody may NOTIFY; what we cannot read is no news
        }
    }

    internal static Change Parse(string payload)
    {
        using var json = JsonDocument.Parse(payload);
        var env = json.RootElement.GetProperty("e");
        var ids = json.RootElement.GetProperty("ids");
        return new Change(
            json.RootElement.GetProperty("t").GetString() ?? "",
            env.ValueKind is JsonValueKind.Null ? null : env.GetGuid(),
            ids.ValueKind is JsonValueKind.Null ? null : [.. ids.EnumerateArray().Select(ReadRow)])
        {
            Operation = json.RootElement.TryGetProperty("o", out var operation)
                ? ReadOperation(operation.GetString())
                : ChangeOperation.Update,
        };
    }

    private static ChangeOperation ReadOperation(string? verb) => verb switch
    {
        "INSERT" => ChangeOperation.Insert,
        "DELETE" => ChangeOperation.Delete,
        _ => ChangeOperation.Update,
    };

    private static ChangedRow ReadRow(JsonElement pair) =>
        new(pair[1].GetGuid(), pair[0].ValueKind is JsonValueKind.Null ? null : pair[0].GetGuid());

    [LoggerMessage(LogLevel.Warning, "Lost the connection that listens for changes: {Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(LogLevel.Warning, "Ignored a notification that is not ours: {Reason}")]
    private partial void LogMalformed(string reason);
}
