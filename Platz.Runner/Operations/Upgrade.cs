using Platz.Core.Deployments;
using Platz.Core.Tasks;
using Platz.Runner.Dispatch;

namespace Platz.Runner.Operations;

internal sealed class UpgradeHandler(ChartInstallation installation) : IOperationHandler<Upgrade>
{
    public Task RunAsync(Upgrade operation, TaskRun run) =>
        installation.RunAsync(operation, run, DeploymentStatus.Upgrading);
}
