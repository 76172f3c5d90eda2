using System.Text.Json.Nodes;

namespace Platz.Core.Tasks;

/// <summary>What Helm was given for a revision.</summary>
public sealed record InstalledInputs(Guid HelmChartId, JsonObject ConfigInputs, JsonObject? ValuesOverride)
    : IInstallsChart;

/// <summary>Which chart a revision has installed, and with what.</summary>
public static class InstalledChart
{
    extension(Operation revision)
    {
        /// <summary>Null for operations that install nothing, and for a Reinstall that has not started.</summary>
        public IInstallsChart? Installs => revision switch
        {
            IInstallsChart installing => installing,
            Reinstall { HelmChartId: { } chart } again => new InstalledInputs(
                chart, again.ConfigInputs ?? [], again.ValuesOverride),
            _ => null,
        };

        /// <summary>Null where <c>Installs</c> is.</summary>
        public Guid? InstalledChartId => revision.Installs?.HelmChartId;
    }
}
