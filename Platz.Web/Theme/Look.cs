using MudBlazor;
using Platz.Core.Deployments;
using Platz.Core.Resources;
using Platz.Core.Tasks;

namespace Platz.Web.Theme;

/// <summary>How a status looks: never by colour alone, always an icon and a word.</summary>
public sealed record Look(string Word, string Glyph, string Class, bool Spins = false)
{
    /// <summary>Three quarters of a circle, to be turned.</summary>
    private const string Ring =
        """<path d="M12 3a9 9 0 1 1-9 9" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" />""";

    public static Look Of(DeploymentTaskStatus status, bool cancelRequested) => status switch
    {
        DeploymentTaskStatus.Pending => new("Pending", Icons.Material.Filled.Schedule, "chip-wait"),
        DeploymentTaskStatus.Started when cancelRequested =>
            new("Cancel requested", Icons.Material.Filled.HourglassTop, "chip-warn"),
        DeploymentTaskStatus.Started => new("Started", Ring, "chip-busy", Spins: true),
        DeploymentTaskStatus.Done => new("Done", Icons.Material.Filled.CheckCircle, "chip-good"),
        DeploymentTaskStatus.Failed => new("Failed", Icons.Material.Filled.Cancel, "chip-bad"),
        _ => new("Canceled", Icons.Material.Filled.Block, "chip-off"),
    };

    public static Look Of(DeploymentStatus status) => status switch
    {
        DeploymentStatus.Running => new("Running", Icons.Material.Filled.CheckCircle, "chip-good"),
        DeploymentStatus.Error => new("Error", Icons.Material.Filled.Error, "chip-bad"),
        DeploymentStatus.Uninstalled => new("Uninstalled", Icons.Material.Filled.PowerSettingsNew, "chip-off"),
        DeploymentStatus.Unknown => new("Not yet installed", Icons.Material.Filled.Schedule, "chip-wait"),
        DeploymentStatus.Deleting or DeploymentStatus.Uninstalling =>
            new(status.ToString(), Icons.Material.Filled.Autorenew, "chip-warn", Spins: true),
        _ => new(status.ToString(), Icons.Material.Filled.Autorenew, "chip-busy", Spins: true),
    };

    public static Look Of(ResourceSyncStatus status) => status switch
    {
        ResourceSyncStatus.Ready => new("Ready", Icons.Material.Filled.CheckCircle, "chip-good"),
        ResourceSyncStatus.Error => new("Error", Icons.Material.Filled.Error, "chip-bad"),
        ResourceSyncStatus.Deleting => new("Deleting", Icons.Material.Filled.Autorenew, "chip-warn", Spins: true),
        _ => new(status.ToString(), Icons.Material.Filled.Autorenew, "chip-busy", Spins: true),
    };
}
