using Platz.Tests.Support;

namespace Platz.Tests.Mutants;

/// <summary>A guard that <c>./platz mutants</c> takes away, as <c>guards.txt</c> has it.</summary>
internal sealed record Mutant(string Name)
{
    public string Guard { get; private set; } = "";

    public List<Cut> Cuts { get; } = [];

    /// <summary>Classes, or single tests as <c>Class.Test</c>.</summary>
    public List<string> Tests { get; } = [];

    /// <summary>As the script reads them.</summary>
    public static List<Mutant> ReadAll()
    {
        var mutants = new List<Mutant>();
        var (file, before) = ("", "");
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "Platz.Tests", "Mutants", "guards.txt")))
        {
            if (line.Length == 0 || line[0] is '#')
            {
                continue;
            }

            var end = line.IndexOf(':', StringComparison.Ordinal);
            var (key, value) = (line[..end], line[(end + 1)..]);
            value = value.StartsWith(' ') ? value[1..] : value;
            if (key == "name")
            {
                mutants.Add(new Mutant(value));
            }
            else if (key == "file")
            {
                file = value;
            }
            else
            {
                mutants[^1].Add(key, value, file, before == key);
            }

            before = key;
        }

        return mutants;
    }

    private void Add(string key, string value, string file, bool goesOn)
    {
        switch (key)
        {
            case "guard":
                Guard = value;
                break;
            case "tests":
                Tests.AddRange(value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                break;
            case "find" when !goesOn:
                Cuts.Add(new Cut(file, value, null));
                break;
            case "find":
                Cuts[^1] = Cuts[^1] with { Find = $"{Cuts[^1].Find}\n{value}" };
                break;
            case "put":
                Cuts[^1] = Cuts[^1] with { Put = goesOn ? $"{Cuts[^1].Put}\n{value}" : value };
                break;
            default:
                throw new FormatException($"There is no '{key}' in {Name}.");
        }
    }
}

/// <param name="Put">Null where it is not said.</param>
internal sealed record Cut(string File, string Find, string? Put);
