using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

internal sealed class InstallHandler(ChartInstallation installation) : IOperationHandler<Install>
{
    public Task RunAsync(Install operation, TaskRun run) =>
        installation.RunAsync(operation, run, DeploymentStatus.Installing);
}
