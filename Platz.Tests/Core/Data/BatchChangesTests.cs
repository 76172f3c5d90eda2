using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Data;

/// <summary>Tasks that change in one statement are all named, over several notifications where one has no room.</summary>
public sealed class BatchChangesTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    [Theory]
    [InlineData(40, 1)]
    [InlineData(41, 2)]
    [InlineData(160, 4)]
    public async Task A_batch_is_named_to_the_last(int tasks, int notifications)
    {
        var (ids, heard) = await ChangeAsync(tasks);

        Assert.Equal(notifications, heard.Count);
        Assert.Equal(ids.Order(), heard.SelectMany(change => change.Rows!).Select(row => row.Id).Order());
    }

    [Fact]
    public async Task Of_so_many_that_reading_all_again_is_less_work_the_env_alone_is_told()
    {
        var (_, heard) = await ChangeAsync(161);

        Assert.Equal((Env.Id, null), (Assert.Single(heard).EnvId, heard[0].Rows));
    }

    private async Task<(List<Guid> Tasks, List<Change> Heard)> ChangeAsync(int tasks)
    {
        var deployment = await AddDeploymentAsync();
        var ids = new List<Guid>();
        for (var i = 0; i < tasks; i++)
        {
            ids.Add(await EnqueueAsync(deployment));
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var heard = Channel.CreateUnbounded<Change?>();
        var listening = Services.GetRequiredService<Changes>()
            .ListenAsync(change => heard.Writer.TryWrite(change), end.Token);
        await heard.Reader.ReadAsync(Cancel); // it is listening
        await ExecuteAsync("UPDATE deployment_tasks SET phase = 'prepare'");
        await ExecuteAsync("""SELECT pg_notify('platz', '{"t":"mark","e":null,"ids":null}')""");
        var changes = new List<Change>();
        while (await heard.Reader.ReadAsync(Cancel) is { Table: not "mark" } change)
        {
            changes.Add(change);
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        return (ids, changes);
    }
}
