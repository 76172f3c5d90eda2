using Platz.Core.Insight;
using Quartz;

namespace Platz.Runner.Maintenance;

/// <summary>
/// Keeps Insight's figures a minute old at most; at its first start it counts the history that is there, day by day.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class InsightJob(InsightRollup rollup, Exclusive exclusive) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await exclusive.RunAsync("insight", CountAsync, cancellationToken);

    private async Task CountAsync(CancellationToken cancel)
    {
        while (await rollup.StepAsync(cancel))
        {
            // One transaction a day: a stop between two loses nothing.
        }
    }
}
