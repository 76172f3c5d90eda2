using System.Diagnostics;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;
using Platz.Runner.Helm;

namespace Platz.Runner.Operations;

/// <summary>How one kind of operation is done, phase by phase (contract 2.3).</summary>
internal interface IOperationHandler<TOperation>
    where TOperation : Operation
{
    Task RunAsync(TOperation operation, TaskRun run);
}

/// <summary>The one switch over the kinds of operation.</summary>
internal sealed class OperationHandlers(IServiceProvider services, DeploymentSecrets secrets)
{
    /// <summary>What this runner claims; tasks of other kinds are left to runners that know them.</summary>
    public static IReadOnlyCollection<string> Kinds { get; } = OperationPhases.Kinds;

    public async Task RunAsync(TaskRun run)
    {
        // First of all, and by every attempt: an adopted Helm pod tells what an earlier attempt gave it.
        run.Hide(await DatabaseRetry.RunAsync(
            () => secrets.OfAsync(run.Task.DeploymentId, run.Task.Operation, run.Stop), run.Stop));
        await SwitchAsync(run);
    }

    /// <summary>Too many runners have died over this task: it ends, and so does a Helm pod that may still run.</summary>
    public static async Task GiveUpAsync(TaskRun run)
    {
        run.BeginEffect();
        await HelmRun.StopAllAsync(run);
        throw new OperationException(
            $"Given up after {run.Options.MaxAttempts} attempts: each time the runner died or lost its lease.");
    }

    private Task SwitchAsync(TaskRun run) => run.Task.Operation switch
    {
        Install install => HandleAsync(install, run),
        Upgrade upgrade => HandleAsync(upgrade, run),
        Reinstall reinstall => HandleAsync(reinstall, run),
        Recreate recreate => HandleAsync(recreate, run),
        Uninstall uninstall => HandleAsync(uninstall, run),
        InvokeAction invoke => HandleAsync(invoke, run),
        RestartK8sResource restart => HandleAsync(restart, run),
        UnreadableOperation => throw new OperationException("What this task should do cannot be read."),
        _ => throw new UnreachableException(),
    };

    private Task HandleAsync<TOperation>(TOperation operation, TaskRun run)
        where TOperation : Operation =>
        services.GetRequiredService<IOperationHandler<TOperation>>().RunAsync(operation, run);
}
