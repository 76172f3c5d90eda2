using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Platz.Core.Audit;
using Platz.Core.Data;
using Platz.Core.Identity;
using Platz.Tests.Support;

namespace Platz.Tests.Web.Access;

/// <summary>What everybody may do where no page and no route stands before it: each command asks for itself.</summary>
public sealed class CommandAccessTests(PostgresServer postgres) : RolesTest(postgres)
{
    /// <summary>They are told who it is for, and it is not theirs to ask whether that is allowed.</summary>
    private static readonly string[] s_askNobody =
    [
        "Access.GrantsAsync", "Access.OfAsync", // the rules themselves
        "PeopleSeen.BotsAsync", "PeopleSeen.UsersAsync", // parts of a query
        "ResourceUsers.ReinstallAsync", "TaskQueue.CancelAsync", "TaskQueue.CancelReinstallsAsync", // parts of a command
        "TaskQueue.CancelScheduledChangesAsync", "TaskQueue.CancelWaitingAsync", "TaskQueue.ReinstallAsync",
        "SessionRegister.EndAsync", // by its key, which is known to its owner alone
    ];

    private long _seen;

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Every_command_there_is_stands_in_the_table()
    {
        var all = from type in typeof(Actor).Assembly.GetExportedTypes()
                  from method in type.GetMethods(Declared)
                  where method.ReturnType.IsAssignableTo(typeof(Task))
                  where IsToldWho(method) || (type.Name.EndsWith("Editor", StringComparison.Ordinal) && !method.IsStatic)
                  select method;
        var (parts, commands) = (all.Where(IsPart).ToList(), all.Where(method => !IsPart(method)).ToList());

        Assert.Equal(s_askNobody.Order(), parts.Select(m => $"{m.DeclaringType!.Name}.{m.Name}").Distinct().Order());
        Assert.Equal(
            commands.Select(Text).Order(), CommandTable.All.Select(c => Text(c.Method)).Distinct().Order());
    }

    /// <summary>Each refusal is news: ten minutes have passed whenever it is asked.</summary>
    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(provider => new DeniedAttempts(
            provider.GetRequiredService<IDbContextFactory<PlatzDb>>(),
            new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(10) }));
    }

    [Fact]
    public async Task Everybody_gets_the_answer_that_the_table_says_and_each_refusal_is_told_once()
    {
        await ExecuteAsync($"UPDATE users SET is_active = false WHERE id = '{World.People[Who.Inactive].Id}'");
        List<string> wrong = [];
        foreach (var command in CommandTable.All)
        {
            List<string> refused = [];
            foreach (var (who, actor) in World.People.Where(p => p.Key is not (Who.Nobody or Who.Ended)))
            {
                // No token and no session comes so far any more; whatever does is nobody's.
                var expected = Rules.Answer(who is Who.Inactive ? Who.Stranger : who, command.Needs);
                var answer = await command.AnswerAsync(World, actor);
                if (answer != expected)
                {
                    wrong.Add($"{who}: {command.Name} ({command.Needs}) gives {answer}, not {expected}");
                }

                if (answer == "403")
                {
                    refused.Add(actor.Name);
                }

                if (command.Takes && answer == Rules.Done)
                {
                    await RestoreAsync();
                }
            }

            if (await DeniedAsync() is var told && !told.SequenceEqual(refused))
            {
                wrong.Add($"{command.Name} refuses {string.Join(", ", refused)}; told is {string.Join(", ", told)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <returns>Whose attempts were told since it was asked last.</returns>
    private async Task<List<string>> DeniedAsync()
    {
        await using var db = await DbAsync();
        var denied = await db.AuditEvents.Where(e => e.Seq > _seen && e.Action == AuditAction.Denied).OrderBy(e => e.Seq)
            .Select(e => new { e.Seq, e.ActorName }).ToListAsync(Cancel);
        _seen = denied is [.., var last] ? last.Seq : _seen;
        return denied.ConvertAll(e => e.ActorName);
    }

    private static bool IsToldWho(MethodInfo method) =>
        method.GetParameters().Any(p => p.ParameterType.IsAssignableTo(typeof(Actor)));

    private static bool IsPart(MethodInfo method) => method.GetParameters()[0].ParameterType == typeof(PlatzDb)
        || s_askNobody[^1] == $"{method.DeclaringType!.Name}.{method.Name}";

    private static string Text(MethodInfo method) => $"{method.DeclaringType!.Name}.{method}";
}
