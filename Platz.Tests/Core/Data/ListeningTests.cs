using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Data;

public sealed class ListeningTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private const string Listening =
        "(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%')";

    [Fact]
    public async Task Whoever_has_listened_leaves_no_connection_to_others()
    {
        using var end = new CancellationTokenSource();
        var listening = Services.GetRequiredService<Changes>().ListenAsync(_ => { }, end.Token);
        await UntilAsync($"{Listening} = 1");

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await UntilAsync($"{Listening} = 0");
    }
}
