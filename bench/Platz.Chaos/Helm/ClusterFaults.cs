using Platz.Sandbox.Faults;

namespace Platz.Chaos.Helm;

internal enum ClusterFault
{
    TooManyRequests,
    ServerError,
    Unavailable,
    LateAnswer,
    AnswerLost,
    WatchExpired,
    WatchesCut,
    LogsCut,
    LogCutSoon,
    Outage,
}

/// <summary>What goes wrong between runners and their cluster.</summary>
internal static class ClusterFaults
{
    /// <summary>
    /// What runners call and Helm does not: what Helm is answered would be its own to fail with. An outage is for all.
    /// </summary>
    private const string RunnersOwn = "/namespaces/platz/";

    public static void Cause(FaultSwitches switches, ClusterFault fault, Random random)
    {
        switch (fault)
        {
            case ClusterFault.TooManyRequests:
                switches.Add(new CallFault(random.Next(1, 6), Code: 429, Path: RunnersOwn));
                break;
            case ClusterFault.ServerError:
                switches.Add(new CallFault(random.Next(1, 6), Code: 500, Path: RunnersOwn));
                break;
            case ClusterFault.Unavailable:
                switches.Add(new CallFault(random.Next(1, 6), Code: 503, Path: RunnersOwn));
                break;
            case ClusterFault.LateAnswer:
                switches.Add(new CallFault(random.Next(1, 4), DelaySeconds: 1 + random.NextDouble(), Path: RunnersOwn));
                break;
            case ClusterFault.AnswerLost:
                switches.Add(new CallFault(1, AnswerLost: true, Method: "POST", Path: RunnersOwn));
                break;
            case ClusterFault.WatchExpired:
                switches.ExpireNextWatches(random.Next(1, 4));
                break;
            case ClusterFault.WatchesCut:
                switches.DropWatches(cleanly: random.Next(2) == 0);
                break;
            case ClusterFault.LogsCut:
                switches.DropLogs();
                break;
            case ClusterFault.LogCutSoon:
                switches.CutNextLog(random.Next(1, 400));
                break;
            case ClusterFault.Outage:
                switches.RefuseConnections(TimeSpan.FromSeconds(1 + (random.NextDouble() * 5)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(fault));
        }
    }
}
