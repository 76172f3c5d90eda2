using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;
using Platz.Core.Data;
using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Tasks;

/// <summary>
/// What every task goes through is planned once for each connection. PostgreSQL plans anew for each execution where it
/// believes that the values matter, as the length of an array does, and that takes longer than these statements do.
/// </summary>
public sealed class PlannedOnceTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    /// <summary>Npgsql prepares what it has seen five times; PostgreSQL looks at five plans before it keeps one.</summary>
    private const int Tasks = 20;

    private const int MostPlans = 6;

    [Fact]
    public async Task A_task_is_queued_claimed_and_ended_without_planning()
    {
        var deployment = await AddDeploymentAsync();
        await using var database = Database.Connect($"{ConnectionString};Maximum Pool Size=1");
        var options = new DbContextOptionsBuilder<PlatzDb>();
        options.Use(database);
        var databases = new PooledDbContextFactory<PlatzDb>(options.Options);
        var queue = new TaskQueue(database, databases);
        for (var i = 0; i < Tasks; i++)
        {
            await using (var db = await databases.CreateDbContextAsync(Cancel))
            {
                await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
                await TaskQueue.EnqueueAsync(db, TaskFor(deployment), Cancel);
                await transaction.CommitAsync(Cancel);
            }

            var task = Assert.Single(await queue.ClaimAsync(Claims(), Cancel));
            await queue.EnterPhaseAsync(task, Phase.HelmUpgrade, null, Cancel);
            Assert.True(await queue.FinishAsync(Done(task)));
            await queue.PromoteDueAsync(Cancel);
        }

        var planned = await PlannedAsync(database);
        Assert.InRange(planned.Count, 8, int.MaxValue);
        Assert.DoesNotContain(planned, p => p.Plans > MostPlans);
    }

    private static async Task<List<(long Plans, string Statement)>> PlannedAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT custom_plans, statement FROM pg_prepared_statements");
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var planned = new List<(long, string)>();
        while (await reader.ReadAsync(Cancel))
        {
            planned.Add((reader.GetInt64(0), reader.GetString(1)));
        }

        return planned;
    }
}
