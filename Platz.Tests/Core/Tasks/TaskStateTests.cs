using Npgsql;
using Platz.Core.Tasks;
using Platz.Tests.Support;
using static Platz.Core.Tasks.DeploymentTaskStatus;

namespace Platz.Tests.Core.Tasks;

/// <summary>What the database itself refuses, tried with plain SQL.</summary>
public sealed class TaskStateTests(PostgresServer postgres) : DatabaseTest(postgres)
{
    public static TheoryData<DeploymentTaskStatus, DeploymentTaskStatus> Moves =>
    [
        .. from one in Enum.GetValues<DeploymentTaskStatus>()
           from next in Enum.GetValues<DeploymentTaskStatus>()
           where one != next
           select (one, next),
    ];

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task The_trigger_allows_exactly_the_moves_of_the_code(
        DeploymentTaskStatus status, DeploymentTaskStatus next)
    {
        await BringToAsync(status);
        if (next is Started)
        {
            await ExecuteAsync("UPDATE task_queue SET state = 'Started', fence = 1, lease_until = now()");
        }

        var finished = next.IsTerminal ? "now()" : "NULL";
        var move = () => ExecuteAsync($"UPDATE deployment_tasks SET status = '{next}', finished_at = {finished}, "
            + $"started_at = coalesce(started_at, now()), fence = greatest(fence, 1)");

        if (status.CanBecome(next))
        {
            Assert.Equal(1, await move());
        }
        else
        {
            await RefusedAsync(move, PostgresErrorCodes.CheckViolation);
        }
    }

    [Theory]
    [InlineData("status = 'Started', started_at = now()")] // not claimed
    [InlineData("status = 'Bogus'")]
    [InlineData("finished_at = now()")]
    [InlineData("acting_user_id = NULL")]
    [InlineData("acting_deployment_id = deployment_id")]
    [InlineData("created_at = now() - interval '1 day'")]
    [InlineData("execute_at = now() - interval '1 day'")]
    [InlineData("actor_name = 'Mallory'")]
    [InlineData("operation = '{\"Uninstall\":{}}'")]
    [InlineData("reason = repeat('x', 16385)")]
    [InlineData("fence = -1")]
    public async Task A_pending_task_is_not_tampered_with(string change)
    {
        await BringToAsync(Pending);
        await RefusedAsync(
            () => ExecuteAsync($"UPDATE deployment_tasks SET {change}"), PostgresErrorCodes.CheckViolation);
    }

    [Theory]
    [InlineData("reason = 'other'")]
    [InlineData("status = status")]
    [InlineData("finished_at = now()")]
    public async Task A_finished_task_never_changes_again(string change)
    {
        await BringToAsync(DeploymentTaskStatus.Done);
        await RefusedAsync(
            () => ExecuteAsync($"UPDATE deployment_tasks SET {change}"), PostgresErrorCodes.CheckViolation);
    }

    [Theory]
    [InlineData(Started, "DELETE FROM deployment_tasks")]
    [InlineData(DeploymentTaskStatus.Done, "DELETE FROM deployment_tasks")]
    [InlineData(DeploymentTaskStatus.Done, "DELETE FROM deployment_task_phases")]
    [InlineData(DeploymentTaskStatus.Done, "TRUNCATE deployment_tasks CASCADE")]
    public async Task No_task_is_ever_deleted(DeploymentTaskStatus status, string sql)
    {
        await BringToAsync(status);
        await RefusedAsync(() => ExecuteAsync(sql), PostgresErrorCodes.CheckViolation);
    }

    [Theory]
    [InlineData("NULL", "NULL", "NULL")]
    [InlineData("u.id", "NULL", "d.id")]
    public async Task A_task_has_exactly_one_actor(string user, string bot, string deployment)
    {
        await AddDeploymentAsync();
        await RefusedAsync(
            () => ExecuteAsync($"""
                INSERT INTO deployment_tasks (id, deployment_id, env_id, cluster_id, run_cluster_id, operation, op_kind,
                    status, attempt, fence, created_at, execute_at, acting_user_id, acting_bot_id, acting_deployment_id,
                    actor_name, kind_name, deployment_name, cluster_name, namespace)
                SELECT gen_random_uuid(), d.id, e.id, c.id, c.id, '{"{}"}', 'Uninstall', 'Pending', 0, 0, now(), now(),
                    {user}, {bot}, {deployment}, '', '', '', '', ''
                FROM deployments d, envs e, k8s_clusters c, users u
                """),
            PostgresErrorCodes.CheckViolation);
    }

    [Fact]
    public async Task Two_tasks_of_a_deployment_are_never_started_at_once()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(deployment);
        await EnqueueAsync(deployment);
        await RefusedAsync(
            () => ExecuteAsync("UPDATE task_queue SET state = 'Started', lease_until = now()"),
            PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task Two_tasks_of_a_deployment_never_have_the_same_key()
    {
        var deployment = await AddDeploymentAsync();
        await EnqueueAsync(TaskFor(deployment) with { IdempotencyKey = new("one") });
        await EnqueueAsync(TaskFor(deployment) with { IdempotencyKey = new("two") });
        await ExecuteAsync("ALTER TABLE deployment_tasks DISABLE TRIGGER deployment_tasks_guard");
        await RefusedAsync(
            () => ExecuteAsync("UPDATE deployment_tasks SET idempotency_key = 'one'"), PostgresErrorCodes.UniqueViolation);
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData("1969-12-31")]
    [InlineData("20000-01-01")]
    public async Task A_time_that_cannot_be_read_back_is_refused(string executeAt)
    {
        await BringToAsync(Pending);
        await ExecuteAsync("ALTER TABLE deployment_tasks DISABLE TRIGGER deployment_tasks_guard");
        await RefusedAsync(
            () => ExecuteAsync($"UPDATE deployment_tasks SET execute_at = '{executeAt}'"),
            PostgresErrorCodes.CheckViolation);
    }

    private async Task BringToAsync(DeploymentTaskStatus status)
    {
        await EnqueueAsync(await AddDeploymentAsync());
        if (status is Pending)
        {
            return;
        }

        var task = Assert.Single(await Queue.ClaimAsync(Claims(), Cancel));
        if (status is not Started)
        {
            await Queue.FinishAsync([DatabaseTest.Done(task) with { Status = status }]);
        }
    }

    private static async Task RefusedAsync(Func<Task<int>> write, string sqlState) =>
        Assert.Equal(sqlState, (await Assert.ThrowsAsync<PostgresException>(write)).SqlState);
}
