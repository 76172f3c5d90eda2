using Platz.Core.Charts;
using Quartz;

namespace Platz.Runner.Maintenance;

[DisallowConcurrentExecution]
internal sealed class ChartDiscoveryJob(ChartDiscovery discovery, Exclusive exclusive) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await exclusive.RunAsync("chart-discovery", discovery.DiscoverAsync, cancellationToken);
}
