using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platz.Core.Data;

namespace Platz.Core.Audit;

/// <summary>
/// Tells the audit trail which settings of a program are others than when it was started last. They stand in its
/// configuration, which Platz cannot see being changed; what is not told is in force all the same.
/// </summary>
public sealed class ConfiguredSettings(IDbContextFactory<PlatzDb> databases)
{
    private static readonly byte[] s_nothing = "{}"u8.ToArray();

    /// <summary>At its start; what was never told is compared with what it is without a configuration.</summary>
    /// <param name="program">Each has settings of its own.</param>
    public async Task TellAsync(string program, IReadOnlyList<ConfiguredSetting> settings, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var told = await LockAsync(db, KeyOf(program), cancel);
        var changes = settings.Select(s => (Setting: s, Before: told.GetValueOrDefault(s.Name, s.Usual)))
            .Where(change => change.Before != change.Setting.Value).ToList();
        var value = JsonSerializer.SerializeToUtf8Bytes(settings.ToDictionary(s => s.Name, s => s.Value));
        await db.Database.ExecuteSqlAsync($"UPDATE settings SET value = {value} WHERE key = {KeyOf(program)}", cancel);
        foreach (var (setting, before) in changes)
        {
            await AuditLog.AppendAsync(
                db, Told(setting, new() { ["program"] = program, ["before"] = before, ["after"] = setting.Value }), cancel);
        }

        await transaction.CommitAsync(cancel);
    }

    private static AuditEntry Told(ConfiguredSetting setting, JsonObject detail) =>
        new(AuditAction.SettingChanged, AuditActor.System, new("setting", Id: null, setting.Name)) { Detail = detail };

    /// <summary>Processes that start together take turns here: the second finds what the first has told.</summary>
    private static async Task<Dictionary<string, string>> LockAsync(PlatzDb db, string key, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO settings (key, value) VALUES ({key}, {s_nothing}) ON CONFLICT DO NOTHING", cancel);
        var stored = await db.Settings.FromSql($"SELECT * FROM settings WHERE key = {key} FOR UPDATE").AsNoTracking()
            .SingleAsync(cancel);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stored.Value)!;
    }

    private static string KeyOf(string program) => $"told_settings/{program}";
}
