using System.Globalization;

namespace Platz.Bench;

/// <summary>What stands on the command line: the name of a bench, then pairs of an option and its value.</summary>
internal sealed record BenchArguments(string Name, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>Where the JSON goes.</summary>
    public string Results => Options.GetValueOrDefault("--results", ".");

    /// <summary>Of a database with a history, to be kept and used again; null for a fresh one.</summary>
    public string? Database => Options.GetValueOrDefault("--database");

    /// <summary>The server on which databases may be made, as a superuser.</summary>
    public static string Server => Environment.GetEnvironmentVariable("PLATZ_BENCH_POSTGRES")
        ?? throw new InvalidOperationException("PLATZ_BENCH_POSTGRES names no server; ./platz bench starts one.");

    /// <returns>Null for what cannot be read.</returns>
    public static BenchArguments? Read(string[] args)
    {
        var options = args.Skip(1).Chunk(2).ToList();
        return args.Length == 0 || options.Exists(o => o is not [['-', '-', ..], _])
            ? null
            : new BenchArguments(args[0], options.ToDictionary(o => o[0], o => o[1]));
    }

    public int Number(string option, int usual) => Options.TryGetValue(option, out var text)
        ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : usual;
}
