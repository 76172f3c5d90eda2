namespace Platz.Core.Tasks;

/// <summary>
/// The phases of each operation, in order (contract 2.3). A run enters them by this table and no others, so that what
/// enumerates it - the tests that kill a runner in every phase - cannot miss one.
/// </summary>
public static class OperationPhases
{
    private static readonly string[] s_install =
        [Phase.Validate, Phase.Namespace, Phase.Credentials, Phase.HelmUpgrade];

    private static readonly Dictionary<string, string[]> s_phases = new()
    {
        [nameof(Install)] = s_install,
        [nameof(Upgrade)] = s_install,
        [nameof(Reinstall)] = s_install,
        [nameof(Recreate)] =
        [
            Phase.Validate, Phase.HelmUninstall, Phase.DeleteNamespace,
            Phase.Namespace, Phase.Credentials, Phase.HelmUpgrade,
        ],
        [nameof(Uninstall)] = [Phase.HelmUninstall, Phase.DeleteNamespace],
        [nameof(InvokeAction)] = [Phase.Validate, Phase.Call],
        [nameof(RestartK8sResource)] = [Phase.Find, Phase.Restart],
    };

    public static IReadOnlyCollection<string> Kinds => s_phases.Keys;

    public static IReadOnlyList<string> Of(string kind) => s_phases[kind];

    /// <summary>Where a phase happens: only a Recreate has two places.</summary>
    /// <param name="phase">Null for the first one.</param>
    public static (Guid ClusterId, string Namespace) PlaceOf(DeploymentTask task, string? phase) =>
        (task.Operation, phase) switch
        {
            (Recreate move, Phase.HelmUninstall or Phase.DeleteNamespace) => (move.OldClusterId, move.OldNamespace),
            (Recreate move, _) => (move.NewClusterId, move.NewNamespace),
            _ => (task.ClusterId, task.Namespace),
        };
}
