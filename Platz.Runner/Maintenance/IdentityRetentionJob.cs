using Platz.Core.Identity;
using Quartz;

namespace Platz.Runner.Maintenance;

/// <summary>Sessions, sign-in links and counts of attempts that are over do not pile up.</summary>
[DisallowConcurrentExecution]
internal sealed class IdentityRetentionJob(IdentityRetention retention, Exclusive exclusive) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) =>
        await exclusive.RunAsync("identity-retention", retention.ForgetAsync, cancellationToken);
}
