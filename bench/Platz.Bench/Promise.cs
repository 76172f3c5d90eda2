namespace Platz.Bench;

/// <summary>One thing that was promised, and what was found.</summary>
internal sealed record Promise(string Found, string Wanted, bool Holds)
{
    /// <summary>All of them in a sentence or two.</summary>
    public static string Tell(IReadOnlyCollection<Promise> promises)
    {
        var parts = new[] { (Word: "Held", Holds: true), (Word: "Missed", Holds: false) }.Select(part =>
            (part.Word, Told: promises.Where(p => p.Holds == part.Holds).Select(p => $"{p.Found} (promised: {p.Wanted})")));
        return string.Join(" ", parts.Where(p => p.Told.Any()).Select(p => $"{p.Word}: {string.Join("; ", p.Told)}."));
    }
}
