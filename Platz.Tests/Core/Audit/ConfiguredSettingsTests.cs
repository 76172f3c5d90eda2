using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Audit;

public sealed class ConfiguredSettingsTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    private sealed class Options
    {
        public string Place { get; init; } = "here";

        public string[] Names { get; init; } = [];

        public TimeSpan Kept { get; init; } = TimeSpan.FromDays(7);

        public string Password { get; init; } = "";

        public string Derived => Place;
    }

    [Fact]
    public async Task What_differs_from_the_start_before_is_told_with_what_it_was()
    {
        await TellAsync(new Options());
        Assert.Empty(await ToldAsync()); // nobody has set anything

        await TellAsync(new Options { Names = ["a", "b"], Password = "open-sesame-4711" });
        await TellAsync(new Options { Names = ["a", "b"] });
        await TellAsync(new Options { Names = ["b"], Kept = TimeSpan.FromDays(8) });
        await TellAsync(new Options());

        Assert.Equal(
            [
                "Some:Names: '' -> 'a, b'", "Some:Names: 'a, b' -> 'b'", "Some:Kept: '7.00:00:00' -> '8.00:00:00'",
                "Some:Names: 'b' -> ''", "Some:Kept: '8.00:00:00' -> '7.00:00:00'",
            ],
            await ToldAsync());
    }

    [Fact]
    public async Task Processes_that_start_together_tell_it_once_and_each_program_for_itself()
    {
        var options = new Options { Place = "there" };
        await TellAsync(new Options());
        await using var db = await DbAsync();
        await using var other = await db.Database.BeginTransactionAsync(Cancel);
        await db.Database.ExecuteSqlAsync($"SELECT FROM settings FOR UPDATE", Cancel);

        Task[] starting = [TellAsync(options), TellAsync(options)];
        await UntilAsync("(SELECT count(*) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND wait_event_type = 'Lock') = 2");
        await other.CommitAsync(Cancel);
        await Task.WhenAll(starting);
        await TellAsync(options, "runner");

        Assert.Equal(["Some:Place: 'here' -> 'there'", "Some:Place: 'here' -> 'there'"], await ToldAsync());
    }

    private Task TellAsync(Options options, string program = "web") =>
        new ConfiguredSettings(Services.GetRequiredService<IDbContextFactory<PlatzDb>>()).TellAsync(
            program, [.. ConfiguredSetting.Of("Some", options, nameof(Options.Password))], Cancel);

    private async Task<List<string>> ToldAsync()
    {
        await using var db = await DbAsync();
        var told = await db.AuditEvents.Where(e => e.Action == AuditAction.SettingChanged).OrderBy(e => e.Seq)
            .ToListAsync(Cancel);
        return told.ConvertAll(e => $"{e.SubjectName}: '{e.Detail["before"]}' -> '{e.Detail["after"]}'");
    }
}
