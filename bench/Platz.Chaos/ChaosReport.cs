using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platz.Chaos.Judging;
using Platz.Chaos.Schedules;

namespace Platz.Chaos;

/// <summary>What a part of the campaign found.</summary>
/// <param name="Headline">One sentence with the figures.</param>
/// <param name="Holds">Whether every promise held.</param>
internal sealed record ChaosReport(
    string Part, int Seed, IReadOnlyDictionary<string, double> Figures, string Headline, bool Holds)
{
    private const int MostShown = 20;

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The name of its file, without the ending.</summary>
    [JsonIgnore]
    public string File { get; init; } = $"{Part}-{Seed}";

    public IReadOnlyList<Breach> Breaches { get; init; } = [];

    /// <summary>Drawn from the seed; a replay draws the same.</summary>
    public IReadOnlyList<Fault> Schedule { get; init; } = [];

    public async Task TellAsync(ChaosArguments arguments, TextWriter output)
    {
        var file = Path.Combine(Directory.CreateDirectory(arguments.Results).FullName, $"{File}.json");
        await System.IO.File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, s_json));
        foreach (var (name, figure) in Figures)
        {
            await output.WriteLineAsync($"{name}: {figure:N2}");
        }

        foreach (var breach in Breaches.Take(MostShown))
        {
            await output.WriteLineAsync($"{breach.Promise}: {breach.Task} {breach.What}");
        }

        await output.WriteLineAsync($"All of it: {file}");
        if (!Holds)
        {
            var options = string.Concat(arguments.Options.Where(o => o.Key is not ("--seed" or "--results"))
                .Select(o => $" {o.Key} {o.Value}"));
            await output.WriteLineAsync($"The same again: ./platz chaos {Part} --seed {Seed}{options}");
        }

        await output.WriteLineAsync(Headline);
    }
}
