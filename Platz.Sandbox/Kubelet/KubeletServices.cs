using Platz.Sandbox.Controllers;
using Platz.Sandbox.Faults;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Kubelet;

/// <summary>What every pod worker works with.</summary>
internal sealed record KubeletServices(
    ObjectStore Store,
    ObjectWriter Writer,
    ObjectDeleter Deleter,
    EventRecorder Events,
    LogStore Logs,
    PodVolumes Volumes,
    HelmPods Helm,
    HelmLedger Ledger,
    FaultSwitches Faults,
    SandboxOptions Options,
    TimeProvider Clock)
{
    public string Now => Clock.GetUtcNow().Rfc3339;
}
