namespace Platz.Bench.Live;

/// <param name="Cores">Of the server: processor time by wall time.</param>
/// <param name="Heap">Bytes of the server's managed objects in use, after a full collection.</param>
/// <param name="Memory">Bytes of the server's process that it shares with nobody.</param>
/// <param name="Batches">Render batches a second, of all circuits.</param>
/// <param name="Bytes">Bytes of them a second.</param>
/// <param name="Delays">Milliseconds from the commit of the last line to each screen.</param>
internal sealed record LiveRow(
    string What, int Circuits, double Cores, long Heap, long Memory, double Batches, double Bytes,
    IReadOnlyList<double> Delays)
{
    /// <summary>Whether the task logged meanwhile.</summary>
    public bool IsBusy => Delays.Count > 0;

    /// <summary>What one circuit takes.</summary>
    public double KilobytesOver(LiveRow nobody) => (Heap - nobody.Heap) / 1e3 / Circuits;

    /// <param name="page">With nearly nothing on it.</param>
    public BenchRow Against(LiveRow nobody, LiveRow page)
    {
        var figures = new Dictionary<string, double> { ["cores"] = Cores, ["heap MB"] = Heap / 1e6, ["private MB"] = Memory / 1e6 };
        if (Circuits > 0)
        {
            figures["KB/circuit"] = KilobytesOver(nobody);
            figures["x page"] = KilobytesOver(nobody) / page.KilobytesOver(nobody);
        }

        if (IsBusy)
        {
            List<double> ascending = [.. Delays.Order()];
            figures["p50 ms"] = Stopwatches.Percentile(ascending, 0.5);
            figures["max ms"] = ascending[^1];
            figures["batches/s"] = Batches;
            figures["MB/s"] = Bytes / 1e6;
        }

        return new BenchRow(Circuits == 0 ? "Nobody" : $"{Circuits:N0} circuits on", What, figures);
    }
}
