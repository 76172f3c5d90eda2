using Microsoft.Extensions.Options;
using Platz.Core.Audit;

namespace Platz.Runner.Maintenance;

/// <summary>What a runner is set to, as the audit trail is told: what it runs and keeps, and where heads go.</summary>
internal sealed class RunnerSettings(
    ConfiguredSettings trail, IOptions<RunnerOptions> runner, IOptions<AuditHeadOptions> heads)
{
    public IReadOnlyList<ConfiguredSetting> All =>
    [
        .. ConfiguredSetting.Of(
            RunnerOptions.Section, runner.Value, nameof(RunnerOptions.Clusters)), // each of several may serve others
        .. ConfiguredSetting.Of(AuditHeadOptions.Section, heads.Value, nameof(AuditHeadOptions.HeadUrl)),
        new($"{AuditHeadOptions.Section}:{nameof(AuditHeadOptions.HeadUrl)}", Place(heads.Value.HeadUrl), Usual: ""),
    ];

    public Task TellAsync(CancellationToken cancel) => trail.TellAsync("runner", All, cancel);

    /// <summary>Whoever may write there may be known by the rest of the address alone.</summary>
    private static string Place(string? url) =>
        url is null ? "" : new Uri(url).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
