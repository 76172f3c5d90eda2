using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public sealed class DeniedAttemptsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private readonly FakeTimeProvider _clock = new();

    private DeniedAttempts Attempts => new(Services.GetRequiredService<IDbContextFactory<PlatzDb>>(), _clock);

    [Fact]
    public async Task Nobody_floods_the_trail_nor_hides_what_is_refused_to_others()
    {
        var attempts = Attempts;
        await FloodAsync(attempts, Alice);
        Assert.Equal(51, await ToldAsync());
        Assert.Equal(1, await ToldAsync("more than is told"));

        await attempts.NoteAsync(Denied("GET /0", NewActor()), Cancel);
        Assert.Equal(52, await ToldAsync());
        _clock.Advance(TimeSpan.FromMinutes(10));
        await FloodAsync(attempts, Alice);
        Assert.Equal(103, await ToldAsync());
        Assert.Equal(2, await ToldAsync("more than is told"));
    }

    [Fact]
    public async Task Of_many_who_flood_it_each_is_told_of()
    {
        var attempts = Attempts;
        var actors = Enumerable.Range(0, 12).Select(_ => NewActor()).ToList();
        foreach (var actor in actors)
        {
            await FloodAsync(attempts, actor);
        }

        Assert.Equal(500 + 3, await ToldAsync()); // of the last three nothing but that
        await using var db = await DbAsync();
        var more = db.AuditEvents.Where(e => e.SubjectName == "more than is told").OrderBy(e => e.Seq);
        Assert.Equal(actors.Select(a => a.Id), await more.Select(e => e.ActorId!.Value).ToListAsync(Cancel));
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_the_next_time()
    {
        var attempts = Attempts;
        await CutDatabaseAsync();
        await attempts.NoteAsync(Denied("GET /", Alice), Cancel);
        await RestoreDatabaseAsync();
        Assert.Equal(0, await ToldAsync());

        await attempts.NoteAsync(Denied("GET /", Alice), Cancel);

        Assert.Equal(1, await ToldAsync());
    }

    private static async Task FloodAsync(DeniedAttempts attempts, Actor actor)
    {
        for (var n = 0; n < 60; n++)
        {
            await attempts.NoteAsync(Denied($"GET /{n}", actor), Cancel);
        }
    }

    private static Actor.Bot NewActor() => new(Guid.NewGuid(), "a bot");

    private static Denial Denied(string what, Actor actor) => Denial.OfRequest(actor, what, subject: null);

    private async Task<int> ToldAsync(string? what = null)
    {
        await using var db = await DbAsync();
        return await db.AuditEvents.CountAsync(
            e => e.Action == AuditAction.Denied && (what == null || e.SubjectName == what), Cancel);
    }
}
