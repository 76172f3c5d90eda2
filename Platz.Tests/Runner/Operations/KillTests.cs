using Platz.Core.Tasks;
using Platz.Tests.Support;

namespace Platz.Tests.Runner.Operations;

/// <summary>
/// A runner that is killed in any phase of any operation, as the code lists them: what comes out is what an undisturbed
/// run leaves, and Helm ran no more often. The database keeps each task in its phase until the runner is dead.
/// </summary>
public sealed class KillTests(PostgresServer postgres, ChartRegistry registry) : EveryOperationTest(postgres, registry)
{
    private const string Undisturbed = "undisturbed";

    // To the runner it looks as if the database had no connection to spare: it tries again, and is killed at that.
    private const string KillPoints = """
        CREATE TABLE kill_points (task_id uuid, phase text);
        CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (NEW.phase <> OLD.phase OR NEW.status <> OLD.status)
                AND EXISTS (SELECT FROM kill_points AS k WHERE k.task_id = OLD.id AND k.phase = OLD.phase) THEN
                RAISE EXCEPTION 'held' USING ERRCODE = 'too_many_connections';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER hold BEFORE UPDATE ON deployment_tasks FOR EACH ROW EXECUTE FUNCTION hold();
        """;

    [Fact]
    public async Task Killing_the_runner_in_any_phase_changes_nothing_about_the_end()
    {
        Settings["Runner:MaxConcurrentTasks"] = Settings["Runner:MaxConcurrentTasksPerCluster"] = "64";
        Settings["Runner:LeaseDuration"] = "00:00:10"; // the successor begins with everything at once, on a busy machine
        await StartRunnerAsync();
        await ExecuteAsync(KillPoints);
        var undisturbed = OperationPhases.Kinds.Select(kind => new Subject(kind, Undisturbed)).ToList();
        var doomed = OperationPhases.Kinds
            .SelectMany(kind => OperationPhases.Of(kind).Select(phase => new Subject(kind, phase))).ToList();
        await PrepareAsync([.. undisturbed, .. doomed]);
        await QueueAsync(undisturbed);
        foreach (var subject in undisturbed)
        {
            await EndOfAsync(subject.TaskId);
        }

        await StopRunnersAsync();
        await KillAsync(doomed);
        await StartRunnerAsync();

        var expected = new Dictionary<string, End>();
        foreach (var subject in undisturbed)
        {
            expected[subject.Kind] = await EndAsync(subject);
            Assert.Equal((subject.Kind, DeploymentTaskStatus.Done), (subject.Kind, expected[subject.Kind].Status));
        }

        foreach (var subject in doomed)
        {
            var end = await EndAsync(subject);
            Assert.Equal((subject.Name, subject.Variant is Phase.Call
                ? AfterLostCall(expected[subject.Kind], end)
                : expected[subject.Kind] with { Attempt = 2 }), (subject.Name, end));
        }
    }

    private async Task KillAsync(List<Subject> doomed)
    {
        await QueueAsync(doomed);
        var runner = StartRunnerProcess();
        await UntilAsync(async _ => await ArrivedAsync(doomed) == doomed.Count ? "all there" : null, seconds: 240);
        await runner.KillAsync();
        Assert.Equal(doomed.Count, await ArrivedAsync(doomed));
        await ExecuteAsync("TRUNCATE kill_points");
    }

    /// <summary>How many tasks are in the phase that they shall be killed in.</summary>
    private async Task<long> ArrivedAsync(List<Subject> doomed)
    {
        await using var command = Source.CreateCommand("""
            SELECT count(*) FROM kill_points JOIN deployment_tasks AS t ON t.id = task_id
            WHERE t.phase = kill_points.phase AND t.status = 'Started' AND t.id = ANY(@ids)
            """);
        command.Parameters.AddWithValue("ids", doomed.Select(d => d.TaskId).ToArray());
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private async Task QueueAsync(List<Subject> subjects)
    {
        foreach (var subject in subjects)
        {
            await using var hold = Source.CreateCommand("INSERT INTO kill_points VALUES (@task, @phase)");
            subject.TaskId = await QueueAsync(subject);
            if (subject.Variant is not Undisturbed)
            {
                hold.Parameters.AddWithValue("task", subject.TaskId);
                hold.Parameters.AddWithValue("phase", subject.Variant);
                await hold.ExecuteNonQueryAsync(Cancel);
            }
        }
    }
}
