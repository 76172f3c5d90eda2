using System.Globalization;

namespace Platz.Chaos;

/// <summary>What stands on the command line: the name of a part, then pairs of an option and its value.</summary>
internal sealed record ChaosArguments(string Part, IReadOnlyDictionary<string, string> Options)
{
    private const string Usual = "queue";

    /// <summary>Where the JSON goes.</summary>
    public string Results => Options.GetValueOrDefault("--results", ".");

    /// <returns>Null for what cannot be read.</returns>
    public static ChaosArguments? Read(string[] args)
    {
        var hasPart = args is [not ['-', ..], ..];
        var options = args.Skip(hasPart ? 1 : 0).Chunk(2).ToList();
        return options.Exists(o => o is not [['-', '-', ..], var value] || Number(value, o[0]) is null)
            ? null
            : new ChaosArguments(hasPart ? args[0] : Usual, options.ToDictionary(o => o[0], o => o[1]));
    }

    public int Number(string option, int usual) =>
        Options.TryGetValue(option, out var text) ? Number(text, option)!.Value : usual;

    public ChaosArguments Without(string option) =>
        this with { Options = Options.Where(o => o.Key != option).ToDictionary() };

    private static int? Number(string text, string option) => option is "--results" ? 0
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
