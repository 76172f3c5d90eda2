using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platz.Bench;

/// <summary>What a bench found.</summary>
/// <param name="Facts">What the figures hold for: sizes, versions.</param>
/// <param name="Headline">One sentence with the figure that matters.</param>
/// <param name="IsWithin">Whether what was promised holds.</param>
internal sealed record BenchReport(
    string Name, IReadOnlyDictionary<string, string> Facts, IReadOnlyList<BenchRow> Rows, string Headline, bool IsWithin)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public void Print(TextWriter output)
    {
        foreach (var (name, value) in Facts)
        {
            output.WriteLine($"{name}: {value}");
        }

        var width = Rows.Max(r => r.What.Length);
        var names = Rows.SelectMany(row => row.Figures.Keys).Distinct().ToList();
        output.WriteLine($"\n{"",-6}{"".PadRight(width)}{string.Concat(names.Select(n => $"{n,12}"))}");
        var part = "";
        foreach (var row in Rows)
        {
            if (row.Part != part)
            {
                output.WriteLine(part = row.Part);
            }

            var figures = names.Select(n => row.Figures.TryGetValue(n, out var figure) ? $"{figure,12:N2}" : $"{"",12}");
            output.WriteLine($"      {row.What.PadRight(width)}{string.Concat(figures)}  {row.Note}");
        }

        output.WriteLine();
    }

    public async Task SaveAsync(BenchArguments arguments, CancellationToken cancel)
    {
        var file = Path.Combine(Directory.CreateDirectory(arguments.Results).FullName, $"{Name}.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, s_json), cancel);
        Console.WriteLine($"All figures: {file}");
    }
}

/// <param name="Part">Rows of one part stand together.</param>
/// <param name="Figures">Those that mean something for this row.</param>
internal sealed record BenchRow(string Part, string What, IReadOnlyDictionary<string, double> Figures, string Note = "");
