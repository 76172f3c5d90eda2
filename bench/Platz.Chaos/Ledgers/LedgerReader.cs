namespace Platz.Chaos.Ledgers;

/// <summary>Reads what the runners of a campaign have left in its folder.</summary>
internal static class LedgerReader
{
    public static List<LedgerLine> Read(string folder, string runner)
    {
        var file = EffectLedger.LedgerFile(folder, runner);
        return File.Exists(file) ? [.. File.ReadLines(file).Select(LedgerLine.Read).OfType<LedgerLine>()] : [];
    }

    public static HashSet<Guid> ReadEffects(string folder) =>
        [.. Directory.EnumerateFiles(EffectLedger.Effects(folder)).Select(f => Guid.Parse(Path.GetFileName(f)))];
}
