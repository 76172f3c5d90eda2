using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Data;

/// <summary>What an installation has before an update it has afterwards.</summary>
public sealed class MigrationTests(PostgresServer postgres) : IAsyncLifetime
{
    private string _connection = "";
    private NpgsqlDataSource _source = null!;
    private PlatzDb _db = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await postgres.CreateEmptyDatabaseAsync();
        _source = Database.Connect(_connection);
        var options = new DbContextOptionsBuilder<PlatzDb>();
        options.Use(_source);
        _db = new PlatzDb(options.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await _db.DisposeAsync();
        await _source.DisposeAsync();
        await postgres.DropDatabaseAsync(_connection);
    }

    [Fact]
    public async Task Tokens_stay_and_are_their_owners_work_and_no_task_is_written_anew()
    {
        await _db.GetService<IMigrator>().MigrateAsync("TaskMessages", Cancel);
        var (user, file) = (Guid.NewGuid(), await FileOfTasksAsync());
        await ExecuteAsync($"""
            INSERT INTO users (id, display_name, email, is_admin, is_active)
                VALUES ('{user}', 'Bob', 'bob@example.org', false, true);
            INSERT INTO api_tokens (id, user_id, name, hash, expires_at)
                VALUES (gen_random_uuid(), '{user}', 'laptop', sha256('x'), now());
            """);

        await _db.Database.MigrateAsync(Cancel);

        var token = await _db.ApiTokens.SingleAsync(Cancel);
        Assert.Equal(((Guid?)user, "pltz_u_…"), (token.CreatedByUserId, token.Shown));
        Assert.Empty(token.Cidrs);
        Assert.Null(token.ScopeEnvIds);
        Assert.Null(token.ScopeRole);
        Assert.Equal(file, await FileOfTasksAsync());
    }

    [Fact]
    public async Task Two_formats_of_tags_are_known_from_the_start()
    {
        await _db.Database.MigrateAsync(Cancel);
        var formats = (await _db.TagFormats.Select(f => f.Pattern).ToListAsync(Cancel))
            .ConvertAll(pattern => new Regex(pattern, RegexOptions.NonBacktracking));

        Assert.Equal(2, formats.Count);
        Assert.Equal("1.2.3", Assert.Single(formats, f => f.IsMatch("v1.2.3")).Match("v1.2.3").Groups["version"].Value);
        const string Built = "1.2.3-feature-x-17-0a1b2c3d";
        var parts = Assert.Single(formats, f => f.IsMatch(Built)).Match(Built).Groups;
        Assert.Equal(
            ("1.2.3", "feature-x", "17", "0a1b2c3d"),
            (parts["version"].Value, parts["branch"].Value, parts["revision"].Value, parts["commit"].Value));
    }

    [Fact]
    public async Task A_database_with_the_first_form_of_the_trigger_for_moves_has_the_one_of_others_afterwards()
    {
        await _db.GetService<IMigrator>().MigrateAsync("GrantIndexes", Cancel);
        var others = await MovesAsync();
        await ExecuteAsync("""
            DROP TRIGGER deployments_moved ON deployments;
            CREATE OR REPLACE FUNCTION notify_deployments_moved() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RETURN NULL; END $$;
            CREATE TRIGGER deployments_moved AFTER UPDATE ON deployments
                REFERENCING OLD TABLE AS before NEW TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION notify_deployments_moved();
            """);

        await _db.Database.MigrateAsync(Cancel);

        Assert.Equal(others, await MovesAsync());
    }

    [Fact]
    public async Task A_role_that_owns_no_table_starts_a_program_and_rewrites_no_audit_trail()
    {
        await _db.Database.MigrateAsync(Cancel);
        var role = $"app_{Guid.NewGuid():N}";
        var own = new NpgsqlConnectionStringBuilder(_connection) { Options = $"-c role={role}", Pooling = false };
        await ExecuteAsync(DocumentedRole(role));
        try
        {
            await using var source = Database.Connect(own.ConnectionString);
            var options = new DbContextOptionsBuilder<PlatzDb>();
            options.Use(source);
            var databases = new PooledDbContextFactory<PlatzDb>(options.Options);

            await new Migrator(source, databases).MigrateAsync(Cancel);

            var subject = new AuditSubject("env", Id: null, "demo");
            await AuditLog.AddAsync(databases, new AuditEntry(AuditAction.EnvCreated, AuditActor.System, subject), Cancel);
            await ExecuteAsync("CREATE TABLE of_a_later_version (x int)");
            await ExecuteAsync("INSERT INTO of_a_later_version VALUES (1)", source);
            foreach (var sql in new[]
            {
                "UPDATE audit_events SET actor_name = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events",
                "DELETE FROM audit_heads", "DELETE FROM deployment_tasks", "DELETE FROM deployment_task_phases",
                "ALTER TABLE audit_events DISABLE TRIGGER USER",
                """DELETE FROM "__EFMigrationsHistory" """,
            })
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql, source));
                Assert.Equal((sql, PostgresErrorCodes.InsufficientPrivilege), (sql, refused.SqlState));
            }
        }
        finally
        {
            await ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    /// <summary>The statements of docs/audit.md.</summary>
    private static string DocumentedRole(string name)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit.md"));
        var sql = text.Split("```sql\n")[1].Split("```")[0];
        return sql.Replace("platz_app", name, StringComparison.Ordinal);
    }

    private Task<object?> FileOfTasksAsync() => ReadAsync("SELECT pg_relation_filenode('deployment_tasks')");

    private Task<object?> MovesAsync() => ReadAsync("""
        SELECT pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
        WHERE t.tgname = 'deployments_moved'
        """);

    private async Task<object?> ReadAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }

    private async Task ExecuteAsync(string sql, NpgsqlDataSource? source = null)
    {
        await using var command = (source ?? _source).CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
