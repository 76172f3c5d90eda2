using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public sealed class DeniedAttemptsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly FakeTimeProvider _clock = new();

    private DeniedAttempts Attempts => new(Services.GetRequiredService<IDbContextFactory<PlatzDb>>(), _clock);

    [Fact]
    public async Task Nobody_floods_the_trail()
    {
        var attempts = Attempts;
        for (var n = 0; n < 520; n++)
        {
            await attempts.NoteAsync(Denied($"GET /{n}"), Cancel);
        }

        Assert.Equal(500, await ToldAsync());
        _clock.Advance(TimeSpan.FromMinutes(10));
        await attempts.NoteAsync(Denied("GET /0"), Cancel);
        Assert.Equal(501, await ToldAsync());
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_the_next_time()
    {
        var attempts = Attempts;
        await CutDatabaseAsync();
        await attempts.NoteAsync(Denied("GET /"), Cancel);
        await RestoreDatabaseAsync();
        Assert.Equal(0, await ToldAsync());

        await attempts.NoteAsync(Denied("GET /"), Cancel);

        Assert.Equal(1, await ToldAsync());
    }

    private Denial Denied(string what) => Denial.OfRequest(Alice, what, subject: null);

    private async Task<int> ToldAsync()
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.CountAsync(e => e.Action == AuditAction.Denied, Cancel);
    }
}
