namespace Platz.Core.Tasks;

/// <summary>Which chart a revision has installed.</summary>
public static class InstalledChart
{
    extension(Operation revision)
    {
        /// <summary>Null for operations that install nothing.</summary>
        public Guid? InstalledChartId => revision switch
        {
            IInstallsChart installing => installing.HelmChartId,
            Reinstall again => again.HelmChartId,
            _ => null,
        };
    }
}
